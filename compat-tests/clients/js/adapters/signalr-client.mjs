// signalr-client: in Node, on WebSockets alone.
//
// library: { adapter: 'signalr-client', client: 'signalr-client' }, a name in package.json.

const ReconnectDelay = 0.5;

export async function make({ library, url, query, token, hub }, see) {
  const { default: signalR } = await import(library.client);
  const doNotStart = true;
  const client = new signalR.client(url, [hub], ReconnectDelay, doNotStart);
  Object.assign(client.queryString, query);
  if (token) {
    // Negotiate has no query of ours, and abort has no headers.
    client.headers.Authorization = `Bearer ${token}`;
    client.queryString.access_token = token;
  }

  return new Member(client, hub, see);
}

class Member {
  #client;
  #handlers;
  #hub;
  #see;
  #socket;

  constructor(client, hub, see) {
    this.#client = client;
    this.#handlers = client.serviceHandlers;
    this.#hub = hub;
    this.#see = see;
    this.#handlers.reconnecting = () => {
      see('reconnecting', '');
      // Whether to give up.
      return false;
    };
    this.#handlers.reconnected = socket => {
      this.#socket = socket;
      see('back', client.connection.id);
    };
    this.#handlers.disconnected = () => see('closed', '');
    client.on(hub, 'message', see);
  }

  start() {
    return new Promise((resolve, reject) => {
      const fail = (...errors) => {
        const text = errors.map(error => error?.message ?? error).filter(error => typeof error === 'string').join(': ');
        this.#see('error', text);
        reject(new Error(text));
      };
      this.#handlers.connected = socket => {
        this.#socket = socket;
        resolve(this.#client.connection.id);
      };
      Object.assign(this.#handlers, { onerror: fail, bindingError: fail, connectFailed: fail, connectionLost: fail });
      this.#handlers.onUnauthorized = response => fail(`${response.statusCode}`);
      this.#client.start();
    });
  }

  async stop() {
    const closed = new Promise(resolve => {
      this.#handlers.disconnected = () => {
        this.#see('closed', '');
        resolve();
      };
    });
    this.#client.end();
    if (!this.#socket?.connected) return;
    if (this.#client.state.desc !== 'disconnecting') {
      // After a reconnect it takes itself for reconnecting for ever.
      this.#socket.close();
      throw new Error(`the library does not stop while it is ${this.#client.state.desc}`);
    }

    await closed;
  }

  invoke(method, ...values) {
    return new Promise((resolve, reject) => this.#client.call(this.#hub, method, ...values)
      .done((error, result) => { error ? reject(new Error(error)) : resolve(result); }));
  }
}
