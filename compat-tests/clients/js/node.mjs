// Clients in Node. A library that needs globals which Node lacks, and whose own documentation says so, names them in the catalogue
// (`"globals": { "WebSocket": "ws" }`, a package for each). Others must not find those there, as they look for them to learn where they
// run: such a library has a thread for itself.

import { Worker } from 'node:worker_threads';
import { Members } from './members.mjs';

export class NodeRuntime {
  #report;
  #members;
  #threads = new Map();
  #threadOf = new Map();

  constructor(report) {
    this.#report = report;
    this.#members = new Members(report);
  }

  async run(command) {
    if (command.act === 'make' && command.settings.library.globals) this.#threadOf.set(command.member, this.#thread(command.settings.library.globals));
    const thread = this.#threadOf.get(command.member);
    if (command.act === 'forget') this.#threadOf.delete(command.member);
    return thread ? thread.run(command) : this.#members.run(command);
  }

  async close() {}

  #thread(globals) {
    const key = JSON.stringify(globals);
    if (!this.#threads.has(key)) this.#threads.set(key, new Thread(globals, this.#report));
    return this.#threads.get(key);
  }
}

/** Members in a thread with globals of its own. */
class Thread {
  #worker;
  #answers = new Map();

  constructor(globals, report) {
    this.#worker = new Worker(new URL('./node-thread.mjs', import.meta.url), { workerData: globals });
    this.#worker.on('error', error => console.error('thread:', error));
    this.#worker.on('message', line => {
      if (line.member) return report(line);
      const { call, ...answer } = line;
      this.#answers.get(call)(answer);
      this.#answers.delete(call);
    });
  }

  run(command) {
    return new Promise(resolve => {
      this.#answers.set(command.call, resolve);
      this.#worker.postMessage(command);
    });
  }
}
