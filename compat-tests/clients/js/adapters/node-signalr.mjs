// node-signalr and its fork @unloc/node-signalr: in Node, on WebSockets alone.
//
// library: { adapter: 'node-signalr', client: 'node-signalr' }, a name in package.json.

const ReconnectDelay = 500;
const CallTimeout = 60_000;

export async function make({ library, url, query, token, hub }, see) {
  const loaded = await import(library.client);
  const Client = loaded.Client ?? loaded.default.client;
  return new Member(new Client(url, [hub]), { ...query, ...(token ? { access_token: token } : {}) }, hub, see);
}

class Member {
  #client;
  #hub;

  constructor(client, qs, hub, see) {
    this.#client = client;
    this.#hub = hub;
    Object.assign(client, { qs, reconnectDelayTime: ReconnectDelay, callTimeout: CallTimeout });
    client.on('reconnecting', () => see('reconnecting', ''));
    client.on('disconnected', reason => see('closed', reason === 'end' ? '' : reason));
    client.on('error', (...errors) => see('error', textOf(errors)));
    client.connection.hub.on(hub, 'message', see);
    // It tells with the same event that it has connected and that it is back.
    client.once('connected', () => client.on('connected', () => see('back', client.connection.id)));
  }

  /** It tries for ever: the first error counts. */
  start() {
    return new Promise((resolve, reject) => {
      this.#client.once('connected', () => resolve(this.#client.connection.id));
      this.#client.once('error', (...errors) => reject(new Error(textOf(errors))));
      this.#client.start();
    });
  }

  stop() { this.#client.end(); }

  invoke(method, ...values) { return this.#client.connection.hub.call(this.#hub, method, ...values); }
}

/** An error with a code, or, in older versions, the code and what was thrown. */
const textOf = ([error, thrown]) => `${error.code ?? error}: ${error.message ?? thrown?.message ?? thrown ?? ''}`;
