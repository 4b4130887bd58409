// The clients of one runtime that are in a room, told one by one what to do.

import { within } from '../check.mjs';
import { plain, revive } from './values.mjs';

export class Members {
  #make;
  #report;
  #members = new Map();

  /**
   * @param make makes a member of a kind: `make(kind, settings, see)`
   * @param report gets what the members see: `{ member, kind, payload }`
   */
  constructor(make, report) {
    this.#make = make;
    this.#report = report;
  }

  /** Does one thing with one member. @returns `{ value }` or `{ error }` */
  async run({ member: name, act, kind, settings, method, args = [] }) {
    try {
      if (act === 'make') {
        this.#members.set(name, this.#make(kind, settings, (kind, payload) => this.#report({ member: name, kind, payload: plain(payload) })));
        return { value: null };
      }
      const member = this.#members.get(name);
      const values = revive(args, kind === 'node-messagepack');
      const value = await within(Promise.resolve(act === 'start' || act === 'stop' ? member[act]() : member[act](method, ...values)), method ?? act);
      return { value: plain(value) };
    } catch (error) {
      return { error: String(error?.message ?? error) };
    }
  }
}
