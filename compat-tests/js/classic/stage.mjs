// Where the scenarios run: one page, one transport, one way to the gateway.

import { within } from '../check.mjs';
import { Client } from './client.mjs';

const Pause = 50;

export class Stage {
  #settings;
  #clients = [];

  /**
   * @param settings `app` (the application's URL), `connectsTo` (the gateway's), `directPath` (of the application's hubs at the
   *   gateway), `rawPath` (of its PersistentConnection, at both),   `route` (redirect, direct), `transport`, `jquery` and `tokens` (of users, for those who connect directly).
   */
  constructor(settings) { this.#settings = settings; }

  get app() { return this.#settings.app; }

  get connectsTo() { return this.#settings.connectsTo; }

  get transport() { return this.#settings.transport; }

  get route() { return this.#settings.route; }

  get isDirect() { return this.#settings.route === 'direct'; }

  /** Where the client is told to connect. */
  get url() { return this.isDirect ? this.#settings.connectsTo + this.#settings.directPath : `${this.app}/signalr`; }

  /** Where clients of the PersistentConnection are told to connect. */
  get rawUrl() { return (this.isDirect ? this.#settings.connectsTo : this.app) + this.#settings.rawPath; }

  /** The path that clients must end up at. */
  get pathAtGateway() { return this.isDirect ? this.#settings.directPath : '/aspnetclient'; }

  /** The path that clients of the PersistentConnection must end up at. */
  get rawPathAtGateway() { return this.isDirect ? this.#settings.rawPath : '/aspnetclient'; }

  /** A name that no other scenario, page or run uses. */
  unique(name) {
    const { jquery, route } = this.#settings;
    return `${name} ${jquery} ${route} ${Math.random().toString(36).slice(2, 12)}`;
  }

  /** A client that is not started yet. `url` is where it connects instead. */
  client({ hubs = ['oracle'], qs = {}, user, url = this.url, transport = this.transport } = {}) {
    const query = { ...qs, ...(user ? this.#asUser(user) : {}) };
    const client = new Client({ url, qs: query, transport, hubs });
    this.#clients.push(client);
    return client;
  }

  async connect(settings) {
    const client = this.client(settings);
    await client.start();
    return client;
  }

  /** What the application has noted about a connection, as soon as `condition` holds for that. */
  async ledger(id, what, condition) {
    return within((async () => {
      for (;;) {
        const response = await fetch(`${this.app}/ledger?id=${id}`, { cache: 'no-store' });
        const lines = (await response.text()).split('\n');
        if (condition(lines)) return lines;
        await new Promise(resolve => setTimeout(resolve, Pause));
      }
    })(), `${what} in the ledger`);
  }

  /** The application keeps who has gone; `stopped` is whether it was told that the client wanted to. */
  left(id, stopped, word = 'disconnected') {
    const line = `${word} ${id} stopCalled=${stopped ? 'True' : 'False'}`;
    return this.ledger(id, line, lines => lines.includes(line));
  }

  /** Ends whatever a scenario has left open; its outcome stands already. */
  clear() {
    for (const client of this.#clients.splice(0)) client.stop();
  }

  // The application believes whoever names himself; the gateway wants a token for that.
  #asUser(user) { return this.isDirect ? { access_token: this.#settings.tokens[user] } : { user }; }
}
