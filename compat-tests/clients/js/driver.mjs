// Holds clients of JavaScript libraries and does with them what lines of JSON say: ../README.md has the protocol.
//
//   node driver.mjs --runtime node|chromium|firefox [--browser PATH]
//
// It ends with its standard input, so that it does not outlive who started it.

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { BrowserRuntime } from './browser.mjs';
import { NodeRuntime } from './node.mjs';

// Milliseconds that a browser has for closing.
const LongestFarewell = 5_000;

const { values: { runtime: name, browser } } = parseArgs({ options: { runtime: { type: 'string' }, browser: { type: 'string' } } });
const print = line => { process.stdout.write(`${JSON.stringify(line)}\n`); };

// Some libraries log; the lines of standard output are for whoever drives.
console.log = console.error;

// What a library throws where nobody can catch it is that library's own affair: the other clients go on.
process.on('uncaughtException', error => console.error('uncaught:', error));
process.on('unhandledRejection', error => console.error('unhandled:', error));

// Who has gone hears nothing any more, not even of that.
process.stdout.on('error', () => process.exit(1));
process.stderr.on('error', () => {});

const input = createInterface({ input: process.stdin });
const runtime = name === 'node' ? new NodeRuntime(print) : await BrowserRuntime.launch(name, browser, print);
input.on('close', async () => {
  setTimeout(() => process.exit(1), LongestFarewell).unref();
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
