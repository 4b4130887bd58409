// Where the scenarios run: one runtime, one transport, one hub protocol, one application.

import { Client } from './client.mjs';

export class Stage {
  #environment;
  #clients = [];

  /**
   * @param environment what the runtime provides: `signalR`, `MessagePackHubProtocol`, `runtime` (node or browser), `app` (the
   *   application's URL), `connectsTo` (the origin that clients must end up at), `gateway` (whether that is a gateway),
   *   `transport` and `protocol`.
   */
  constructor(environment) { this.#environment = environment; }

  get runtime() { return this.#environment.runtime; }

  get app() { return this.#environment.app; }

  get connectsTo() { return this.#environment.connectsTo; }

  get throughGateway() { return this.#environment.gateway; }

  get transport() { return this.#environment.transport; }

  get isBinary() { return this.#environment.protocol === 'messagepack'; }

  get signalR() { return this.#environment.signalR; }

  /** A name that no other scenario, run or runtime uses. */
  unique(name) { return `${name} ${this.runtime} ${Math.random().toString(36).slice(2, 12)}`; }

  /**
   * A client that is not started yet. `hub` is the path at the application; `url` wins over it. `options` go to the client library.
   */
  client({ hub = 'compat', url, query = '', token, logger, retryDelays, options = {} } = {}) {
    const { signalR, MessagePackHubProtocol, app, transport } = this.#environment;
    const transports = {
      webSockets: signalR.HttpTransportType.WebSockets,
      serverSentEvents: signalR.HttpTransportType.ServerSentEvents,
      longPolling: signalR.HttpTransportType.LongPolling,
    };
    const builder = new signalR.HubConnectionBuilder()
      .withUrl(url ?? `${app}/${hub}${query}`, {
        transport: transports[transport],
        ...(token ? { accessTokenFactory: () => token } : {}),
        ...options,
      })
      .configureLogging(logger ?? signalR.LogLevel.None);
    if (retryDelays) builder.withAutomaticReconnect(retryDelays);
    if (this.isBinary) builder.withHubProtocol(new MessagePackHubProtocol());
    const client = new Client(builder.build());
    this.#clients.push(client);
    return client;
  }

  async connect(settings) {
    const client = this.client(settings);
    await client.start();
    return client;
  }

  async token(user, role) {
    const response = await fetch(`${this.app}/token?user=${encodeURIComponent(user)}${role ? `&role=${role}` : ''}`);
    return response.text();
  }

  /** Ends whatever a scenario has left open; its outcome stands already. */
  async clear() {
    await Promise.allSettled(this.#clients.splice(0).map(client => client.stop()));
  }
}
