// What somebody was told, by name, and a way to wait for more.

import { within } from '../check.mjs';

export class Sightings {
  #seen = [];
  #waiting = new Set();

  see(name, value) {
    this.#seen.push({ name, value });
    for (const wake of this.#waiting) wake();
  }

  /** Everything that was seen under the name, in order. */
  all(name) { return this.#seen.filter(entry => entry.name === name).map(entry => entry.value); }

  has(name, value) { return this.all(name).includes(value); }

  sees(name, value) { return this.until(`${name} "${value}"`, () => this.has(name, value)); }

  /** The values under the name, as soon as there are so many. */
  async count(name, count, deadline) {
    await this.until(`${count} of "${name}"`, () => this.all(name).length >= count, deadline);
    return this.all(name);
  }

  /** Waits for something that can be so only after something was seen. */
  until(what, condition, deadline) {
    if (condition()) return Promise.resolve();
    let wake;
    const promise = new Promise(resolve => {
      wake = () => condition() && resolve();
      this.#waiting.add(wake);
    });
    return within(promise, what, deadline).finally(() => this.#waiting.delete(wake));
  }
}
