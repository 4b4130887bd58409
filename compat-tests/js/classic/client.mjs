// One jQuery client of the classic application and all it was told.

import { Sightings } from './sightings.mjs';
import { within } from '../check.mjs';

export class Client extends Sightings {
  #connection;
  #transport;
  #hubs = {};

  constructor({ url, qs, transport, hubs }) {
    super();
    this.#transport = transport;
    this.#connection = $.hubConnection(url, { useDefaultPath: false, qs });
    this.#connection.reconnecting(() => this.see('reconnecting', ''));
    this.#connection.reconnected(() => this.see('back', ''));
    this.#connection.disconnected(() => this.see('closed', ''));
    this.#connection.error(error => this.see('error', String(error?.message ?? error)));
    for (const name of hubs) this.#hubs[name] = this.#connection.createHubProxy(name);
    // All that comes for any hub, whether a proxy listens or not.
    this.#connection.received(({ H: hub, M: method }) => hub && this.see(`from ${hub.toLowerCase()}`, method));
    // A hub without a handler is not named to the server.
    this.#hubs.oracle?.on('message', (kind, text) => this.see(kind, text));
    this.#hubs.oracle?.on('item', number => this.see('item', number));
    this.#hubs.oracle?.on('lifecycle', (what, id) => this.see(what, id));
    this.#hubs.secondHub?.on('shout', text => this.see('shout', text));
    this.#hubs.typedHub?.on('note', (text, length) => this.see('note', `${text} ${length}`));
  }

  get connection() { return this.#connection; }

  get id() { return this.#connection.id; }

  get state() { return this.#hubs.oracle.state; }

  get isConnected() { return this.#connection.state === $.signalR.connectionState.connected; }

  get transport() { return this.#connection.transport?.name; }

  start() {
    const options = { transport: this.#transport, waitForPageLoad: false };
    return within(new Promise((resolve, reject) => this.#connection.start(options).done(() => resolve()).fail(reject)), 'start');
  }

  stop() { this.#connection.stop(); }

  invoke(method, ...values) { return this.invokeOn('oracle', method, ...values); }

  invokeOn(hub, method, ...values) {
    return within(new Promise((resolve, reject) => this.#hubs[hub].invoke(method, ...values).done(resolve).fail(reject)), method);
  }

  /** The result of a call; `onProgress` is told what it reports before. */
  invokeWithProgress(onProgress, method, ...values) {
    return within(new Promise((resolve, reject) => this.#hubs.oracle.invoke(method, ...values)
      .progress(onProgress).done(resolve).fail(reject)), method);
  }
}
