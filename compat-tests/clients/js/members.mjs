// The clients of one runtime, told one by one what to do. Runs in Node and on a page.

import { plain, revive } from './values.mjs';
import { Unsupported } from './unsupported.mjs';

/** What a library that has no such method does not know. */
const Missing = {
  progress: 'the library knows no progress',
  stream: 'the library knows no streams',
  upload: 'the library streams nothing to the server',
  keep: 'the library knows no round-trip state',
  state: 'the library knows no round-trip state',
};

/** How many milliseconds a client that is forgotten has to leave. */
const Goodbye = 2000;

const call = ({ method, args = [] }, isBinary) => [method, ...revive(args, isBinary)];

/** What an adapter's method is called with. */
const Arguments = { invoke: call, progress: call, stream: call, upload: call, keep: ({ name, value }) => [name, value] };

export class Members {
  #report;
  #members = new Map();

  /** @param report gets what the members see: `{ member, kind, payload }` */
  constructor(report) { this.#report = report; }

  /** Does one thing with one member. @returns `{ value }`, `{ error }` or `{ unsupported }` */
  async run(command) {
    try {
      return { value: plain(await this.#do(command)) };
    } catch (error) {
      return error instanceof Unsupported ? { unsupported: error.message } : { error: String(error?.message ?? error) };
    }
  }

  async #do(command) {
    const { member: name, act } = command;
    switch (act) {
      case 'make':
        this.#members.set(name, { client: await this.#make(name, command.settings), isBinary: command.settings.protocol === 'messagepack' });
        return null;
      case 'forget':
        return this.#forget(name);
      default: {
        const member = this.#members.get(name);
        if (!member) throw new Error(`there is no ${name}`);
        if (!member.client[act]) throw new Unsupported(Missing[act] ?? `the library knows no ${act}`);
        return await member.client[act](...(Arguments[act]?.(command, member.isBinary) ?? []));
      }
    }
  }

  async #make(name, settings) {
    const { make } = await import(`./adapters/${settings.library.adapter}.mjs`);
    return make(settings, (kind, payload) => this.#report({ member: name, kind, payload: plain(payload) }));
  }

  /** Whatever its state: it may not have started, and may have nobody to say goodbye to. @returns whether it left in time */
  async #forget(name) {
    const member = this.#members.get(name);
    this.#members.delete(name);
    try {
      return await Promise.race([
        Promise.resolve(member?.client.stop()).then(() => true),
        new Promise(resolve => { setTimeout(resolve, Goodbye, false); }),
      ]);
    } catch (error) {
      console.error(`while forgetting ${name}: ${error?.message ?? error}`);
      return false;
    }
  }
}
