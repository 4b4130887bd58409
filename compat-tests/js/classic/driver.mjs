// Runs the classic scenarios on pages in Chromium, one JSON line on standard output for each result.
//
//   node driver.mjs --app URL --connects-to ORIGIN --direct-path PATH --raw-path PATH --tokens JSON --runs RUN,RUN,… [--life-cycle] --chromium PATH
//
// A run is JQUERY:ROUTE:TRANSPORT:PAGE, such as 3.7:redirect:webSockets:app. A page is the application's (app) or comes from a
// place of its own (elsewhere). Runs go on side by side, each in a window of its own; "run" in a result says whose it is.
//
// With --life-cycle it takes commands, one JSON line each, from standard input and answers each with one line; all runs take
// part. The driver ends with its standard input, so that it does not outlive who started it.
// Exit code: 0 when it ran to its end, whatever the results; anything else means the rest is missing.

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { launch } from '../browser.mjs';
import { servePages } from './pages.mjs';

const { values } = parseArgs({
  options: {
    app: { type: 'string' }, 'connects-to': { type: 'string' }, 'direct-path': { type: 'string' },
    'raw-path': { type: 'string' }, tokens: { type: 'string' }, runs: { type: 'string' }, 'life-cycle': { type: 'boolean', default: false }, chromium: { type: 'string' },
  },
});
// More side by side and timers of a page would be late on a small machine.
const AtOnce = 4;

const print = line => new Promise(resolve => process.stdout.write(`${JSON.stringify(line)}\n`, resolve));

const input = createInterface({ input: process.stdin });
input.on('close', () => process.exit(3));

const [browser, elsewhere] = [await launch(values.chromium), await servePages()];
const runs = values.runs.split(',').map(settingsOf);
await (values['life-cycle'] ? takePart() : Promise.all(Array.from({ length: AtOnce }, runScenarios)));
await browser.close();
await print({ ended: true });
process.exit(0);

function settingsOf(run) {
  const [jquery, route, transport, page] = run.split(':');
  return {
    run, jquery, route, transport, app: values.app, connectsTo: values['connects-to'], directPath: values['direct-path'],
    rawPath: values['raw-path'], tokens: JSON.parse(values.tokens), page: `${page === 'app' ? values.app : elsewhere}/classic/jquery-${jquery}.html`,
  };
}

async function open(settings) {
  // A window of its own has connections and timers of its own.
  const page = await browser.newPage();
  page.on('pageerror', error => console.error(`${settings.run}: page error: ${error}`));
  page.on('console', message => console.error(`${settings.run}: console: ${message.text()}`));
  await page.exposeFunction('report', print);
  await page.goto(settings.page);
  await page.waitForFunction(() => globalThis.classic);
  return page;
}

async function runScenarios() {
  for (let settings = runs.shift(); settings; settings = runs.shift()) {
    const page = await open(settings);
    await print({ run: settings.run, versions: await page.evaluate(() => globalThis.classic.versions()) });
    await page.evaluate(settings => globalThis.classic.runScenarios(settings), settings);
    await page.close();
  }
}

async function takePart() {
  const pages = await Promise.all(runs.map(open));
  await Promise.all(pages.map((page, index) => page.evaluate(settings => globalThis.classic.startLifeCycle(settings), runs[index])));
  await print({ ready: true });
  for await (const line of input) {
    const command = JSON.parse(line);
    if (command.step === 'end') return;
    const results = await Promise.all(pages.map(page => page.evaluate(command => globalThis.classic.step(command), command)));
    await print({ step: command.step, scenario: command.scenario, results });
  }
}
