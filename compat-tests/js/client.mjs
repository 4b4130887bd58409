// One client of the application and all it was told.

import { within } from './check.mjs';

export class Client {
  #connection;
  #seen = [];
  #waiting = new Set();
  #closed;

  constructor(connection) {
    this.#connection = connection;
    connection.on('Welcome', connectionId => this.#see('Welcome', connectionId));
    connection.on('Message', text => this.#see('Message', text));
    connection.on('Number', (tag, number) => this.#see(`Number ${tag}`, number));
    connection.on('Told', (text, number) => this.#see('Told', `${text} ${number}`));
    connection.onreconnecting(error => this.#see('Reconnecting', String(error?.message ?? '')));
    connection.onreconnected(connectionId => this.#see('Reconnected', connectionId));
    this.#closed = new Promise(resolve => connection.onclose(error => resolve({ error })));
  }

  get connection() { return this.#connection; }

  get connectionId() { return this.#connection.connectionId; }

  get state() { return this.#connection.state; }

  start() { return within(this.#connection.start(), 'start'); }

  stop() { return within(this.#connection.stop(), 'stop'); }

  invoke(method, ...values) { return within(this.#connection.invoke(method, ...values), method); }

  send(method, ...values) { return within(this.#connection.send(method, ...values), method); }

  /** All items of a stream. Rejected, with the items read so far in `items`, when the stream fails. */
  stream(method, ...values) {
    const items = [];
    return within(new Promise((resolve, reject) => this.#connection.stream(method, ...values).subscribe({
      next: item => items.push(item),
      complete: () => resolve(items),
      error: error => reject(Object.assign(error, { items })),
    })), method);
  }

  /** The error the connection was closed with, if there was one. */
  async closed() { return (await within(this.#closed, 'close')).error; }

  /** Everything that was seen under the name, in order. */
  all(name) { return this.#seen.filter(entry => entry.name === name).map(entry => entry.value); }

  has(text, name = 'Message') { return this.all(name).includes(text); }

  async sees(text, name = 'Message') { await this.#until(`${name} "${text}"`, () => this.has(text, name)); }

  /** The values under the name, as soon as there are so many. */
  async count(name, count) {
    await this.#until(`${count} of "${name}"`, () => this.all(name).length >= count);
    return this.all(name);
  }

  #see(name, value) {
    this.#seen.push({ name, value });
    for (const wake of this.#waiting) wake();
  }

  #until(what, condition) {
    if (condition()) return Promise.resolve();
    let wake;
    const promise = new Promise(resolve => {
      wake = () => condition() && resolve();
      this.#waiting.add(wake);
    });
    return within(promise, what).finally(() => this.#waiting.delete(wake));
  }
}
