// Holds clients of JavaScript libraries and does with them what lines of JSON say: ../README.md has the protocol.
//
//   node driver.mjs --runtime node|chromium|firefox [--browser PATH]
//
// It ends with its standard input, so that it does not outlive who started it.

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { BrowserRuntime } from './browser.mjs';
import { NodeRuntime } from './node.mjs';

const { values: { runtime: name, browser } } = parseArgs({ options: { runtime: { type: 'string' }, browser: { type: 'string' } } });
const print = line => { process.stdout.write(`${JSON.stringify(line)}\n`); };

// Some libraries log; the lines of standard output are for whoever drives.
console.log = console.error;

// What a library throws where nobody can catch it is that library's own affair: the other clients go on.
process.on('uncaughtException', error => console.error('uncaught:', error));
process.on('unhandledRejection', error => console.error('unhandled:', error));

const input = createInterface({ input: process.stdin });
const runtime = name === 'node' ? new NodeRuntime(print) : await BrowserRuntime.launch(name, browser, print);
input.on('close', async () => {
  await runtime.close();
  process.exit(0);
});
input.on('line', async line => {
  const command = JSON.parse(line);
  try {
    print({ call: command.call, ...await runtime.run(command) });
  } catch (error) {
    print({ call: command.call, error: String(error?.message ?? error) });
  }
});
print({ ready: true });
