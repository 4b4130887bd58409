// The thread of node.mjs for a library that needs globals.

import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { Members } from './members.mjs';

process.on('uncaughtException', error => console.error('uncaught:', error));
process.on('unhandledRejection', error => console.error('unhandled:', error));

const require = createRequire(import.meta.url);
for (const [name, path] of Object.entries(workerData)) {
  const loaded = require(path);
  globalThis[name] = loaded[name] ?? loaded;
}

const members = new Members(line => parentPort.postMessage(line));
parentPort.on('message', async command => parentPort.postMessage({ call: command.call, ...await members.run(command) }));
