// Runs the scenarios in Node or in Chromium, one JSON line on standard output for each result.
//
//   node driver.mjs --runtime node|browser --app URL --connects-to ORIGIN [--gateway] --protocol json|messagepack
//                   (--transport NAME | --life-cycle) [--chromium PATH]
//
// With --life-cycle it takes commands, one JSON line each, from standard input and answers each with one line; all three
// transports take part. The driver ends with its standard input, so that it does not outlive who started it.
// Exit code: 0 when it ran to its end, whatever the results; anything else means the rest is missing.

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    runtime: { type: 'string' }, app: { type: 'string' }, 'connects-to': { type: 'string' }, gateway: { type: 'boolean', default: false },
    transport: { type: 'string' }, protocol: { type: 'string' }, 'life-cycle': { type: 'boolean', default: false }, chromium: { type: 'string' },
  },
});
const settings = {
  runtime: values.runtime,
  app: values.app,
  connectsTo: values['connects-to'],
  gateway: values.gateway,
  transport: values.transport,
  transports: ['webSockets', 'serverSentEvents', 'longPolling'],
  protocol: values.protocol,
};
const print = line => new Promise(resolve => process.stdout.write(`${JSON.stringify(line)}\n`, resolve));

const input = createInterface({ input: process.stdin });
input.on('close', () => process.exit(3));

const { open } = await import(values.runtime === 'browser' ? './browser.mjs' : './node.mjs');
const runtime = await open(settings, print, values.chromium);
try {
  await (values['life-cycle'] ? takePart() : runtime.runScenarios());
} finally {
  await runtime.close();
}
await print({ ended: true });
process.exit(0);

async function takePart() {
  await runtime.startLifeCycle();
  await print({ ready: true });
  for await (const line of input) {
    const command = JSON.parse(line);
    if (command.step === 'end') return;
    await print({ step: command.step, scenario: command.scenario, results: await runtime.step(command) });
  }
}
