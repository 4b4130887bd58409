// Keeps JavaScript clients of both generations in rooms: those of ASP.NET Core in Node, those of ASP.NET SignalR on a page in Chromium.
//
//   node driver.mjs --chromium PATH
//
// It takes commands from standard input, one JSON line each, `{ call, member, kind, act, … }`, and answers each with a line
// `{ call, value }` or `{ call, error }` in any order. What a member is told is a line `{ member, kind, payload }`.
// It ends with its standard input, so that it does not outlive who started it.

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import * as signalR from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import { launch } from '../browser.mjs';
import { servePages } from '../classic/pages.mjs';
import { CoreMember } from './core-member.mjs';
import { Members } from './members.mjs';

const { values } = parseArgs({ options: { chromium: { type: 'string' } } });
const print = line => { process.stdout.write(`${JSON.stringify(line)}\n`); };

const input = createInterface({ input: process.stdin });
input.on('close', () => process.exit(0));

const [browser, pages] = [await launch(values.chromium), await servePages()];
const page = await browser.newPage();
page.on('pageerror', error => console.error(`page error: ${error}`));
page.on('console', message => console.error(`console: ${message.text()}`));
await page.exposeFunction('report', print);
await page.goto(`${pages}/mixed/page.html`);
await page.waitForFunction(() => globalThis.run);

const inNode = new Members(
  (kind, settings, see) => new CoreMember({ signalR, MessagePackHubProtocol }, settings, kind === 'node-messagepack', see), print);

print({ ready: true });
for await (const line of input) {
  const command = JSON.parse(line);
  const result = command.kind === 'jquery' ? page.evaluate(command => globalThis.run(command), command) : inNode.run(command);
  result.then(result => print({ call: command.call, ...result }), error => print({ call: command.call, error: String(error) }));
}
