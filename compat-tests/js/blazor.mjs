// Uses the Blazor Server sample in Chromium as two people would, one JSON line on standard output for each scenario. They
// build on each other: they are one visit.
//
//   node blazor.mjs --app URL --connects-to ORIGIN [--gateway] --chromium PATH --screenshots FOLDER
//
// Between "need" and the answer on standard input, whoever started this restarts the gateway.
// Exit code: 0 when it ran to its end, whatever the results.

import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';
import { equal, ok, within } from './check.mjs';

const { values } = parseArgs({
  options: {
    app: { type: 'string' }, 'connects-to': { type: 'string' }, gateway: { type: 'boolean', default: false },
    chromium: { type: 'string' }, screenshots: { type: 'string' },
  },
});
const StepDeadline = 20_000;
const print = line => new Promise(resolve => process.stdout.write(`${JSON.stringify(line)}\n`, resolve));

const input = createInterface({ input: process.stdin });
input.on('close', () => process.exit(3));

const browser = await launch(values.chromium);
const [first, second] = [await open(), await open()];

const scenarios = {
  async the_page_becomes_interactive() {
    for (const tab of [first, second]) {
      await tab.page.goto(values.app);
      await tab.page.locator('main[data-interactive=yes]').waitFor();
    }
  },

  async the_circuit_goes_to_the_right_place() {
    for (const tab of [first, second]) {
      const { url } = await within(tab.socket, 'the WebSocket');
      equal(url.origin.replace(/^ws/, 'http'), values['connects-to'], 'where the circuit is connected');
      equal(url.pathname.replace(/\/$/, ''), values.gateway ? '/client' : '/_blazor', 'the path');
    }
  },

  async the_hub_protocol_is_blazorpack() {
    const { handshake } = await within(first.socket, 'the WebSocket');
    equal(JSON.parse(await within(handshake, 'the handshake')).protocol, 'blazorpack', 'the protocol');
  },

  async the_gateway_must_bring_the_circuit_to_its_app_server() {
    if (!values.gateway) return;
    const { accessToken } = await within(first.negotiate, 'negotiate');
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString());
    equal(claims['asrs.s.ssticky'], 'Required', 'the sticky mode');
    ok(claims['asrs.s.sn'], 'that the app server is named');
  },

  async the_counter_counts_clicks() {
    for (let count = 1; count <= 5; count++) {
      await first.page.click('#increment');
      await first.page.locator('#count', { hasText: new RegExp(`^${count}$`) }).waitFor();
    }
    equal(await second.page.textContent('#count'), '0', "the other tab's counter");
  },

  async typed_text_is_bound() {
    await first.page.locator('#name').pressSequentially('Änne & Söhne');
    await first.page.locator('#greeting', { hasText: 'Hello, Änne & Söhne! That is 12 characters.' }).waitFor();
    await first.page.fill('#name', 'x'.repeat(10_000));
    await first.page.locator('#greeting', { hasText: 'That is 10000 characters.' }).waitFor();
    await first.page.fill('#name', 'Änne');
    await first.page.locator('#greeting', { hasText: 'Hello, Änne! That is 4 characters.' }).waitFor();
  },

  async two_tabs_share_a_board() {
    await add(first, 'Ann', 'Is anybody here?');
    await seesNote(second, 'Ann: Is anybody here?');
    await add(second, 'Ben', 'Ja, <b>ich</b>!');
    for (const tab of [first, second]) await seesNote(tab, 'Ben: Ja, <b>ich</b>!');
    await first.page.screenshot({ path: `${values.screenshots}/blazor.png`, fullPage: true });
  },

  async the_circuit_survives_a_restart_of_the_gateway() {
    if (!values.gateway) return;
    await print({ need: 'gateway restart' });
    await once(input, 'line');
    await first.page.click('#increment');
    await first.page.locator('#count', { hasText: /^6$/ }).waitFor();
    await add(second, 'Ben', 'Still here');
    await seesNote(first, 'Ben: Still here');
  },

  async no_tab_had_a_script_error() {
    equal([...first.errors, ...second.errors], [], 'the errors');
  },
};

let broken = '';
for (const [scenario, run] of Object.entries(scenarios)) {
  const started = performance.now();
  let error = broken && `not reached, because ${broken} failed`;
  try {
    if (!broken) await run();
  } catch (reason) {
    error = String(reason?.stack ?? reason);
    broken = scenario;
  }
  await print({ scenario, ok: error === '', error, milliseconds: Math.round(performance.now() - started) });
}
await browser.close();
await print({ ended: true });
process.exit(0);

/** A tab, with what its network log says: the negotiate answer, and the first WebSocket with the first text sent on it. */
async function open() {
  // A context of its own is a window of its own; behind another tab of one window the browser would slow it down.
  const page = await browser.newPage();
  page.setDefaultTimeout(StepDeadline);
  const errors = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', message => console.error(`console: ${message.text()}`));
  const negotiate = page.waitForResponse(response => response.url().startsWith(`${values.app}/_blazor/negotiate`))
    .then(response => response.json());
  const socket = page.waitForEvent('websocket').then(socket => ({
    url: new URL(socket.url()),
    handshake: socket.waitForEvent('framesent').then(frame => String(frame.payload).replace(/\u001e.*$/s, '')),
  }));
  for (const promise of [negotiate, socket]) promise.catch(() => {}); // whoever waits for it sees it
  return { page, errors, negotiate, socket };
}

async function add({ page }, from, text) {
  await page.fill('#from', from);
  await page.fill('#text', text);
  await page.click('#add');
}

async function seesNote({ page }, note) {
  await page.locator('#notes li', { hasText: note }).waitFor();
}
