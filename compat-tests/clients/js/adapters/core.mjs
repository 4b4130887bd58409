// The clients of ASP.NET Core: @aspnet/signalr and @microsoft/signalr.
//
// library: { adapter: 'core', client: 'core-10.0.11', messagePack: 'core-messagepack-10.0.11' }, names in package.json; with MessagePack also
// `needs`, the scripts that the documentation of the protocol's package has on a page before its own.

import { Unsupported } from '../unsupported.mjs';

const RetryDelays = [0, 500, 1000, ...Array(14).fill(2000)];
const isPage = typeof document !== 'undefined';

/** Of a page, below node_modules, in their order. */
export function scripts({ client, messagePack, needs = [] }) {
  const own = `${client}/dist/browser/signalr.js`;
  return messagePack ? [own, ...needs, `${messagePack}/dist/browser/signalr-protocol-msgpack.js`] : [own];
}

export async function make(settings, see) {
  const { client, messagePack } = settings.library;
  const signalR = isPage ? globalThis.signalR : await load(client);
  const builder = new signalR.HubConnectionBuilder().withUrl(addressOf(settings), optionsOf(signalR, settings)).configureLogging(signalR.LogLevel.None);
  if (settings.protocol === 'messagepack') {
    const { MessagePackHubProtocol } = isPage ? signalR.protocols.msgpack : await load(messagePack);
    builder.withHubProtocol(new MessagePackHubProtocol());
  }

  if (settings.reconnect && builder.withAutomaticReconnect) builder.withAutomaticReconnect(RetryDelays);
  const connection = builder.build();
  connection.on('message', see);
  connection.on('question', text => `${text} Yes.`);
  connection.onreconnecting?.(error => see('reconnecting', String(error?.message ?? '')));
  connection.onreconnected?.(id => see('back', id ?? ''));
  connection.onclose(error => see('closed', String(error?.message ?? '')));
  return new Member(signalR, connection);
}

class Member {
  #signalR;
  #connection;

  constructor(signalR, connection) {
    this.#signalR = signalR;
    this.#connection = connection;
  }

  async start() {
    await this.#connection.start();
    return this.#connection.connectionId;
  }

  stop() { return this.#connection.stop(); }

  invoke(method, ...values) { return this.#connection.invoke(method, ...values); }

  /** All items of a stream. A hub may wait until somebody says that the last progress was seen. */
  stream(method, ...values) {
    const items = [];
    return new Promise((resolve, reject) => this.#connection.stream(method, ...values).subscribe({
      next: item => {
        items.push(item);
        if (item === 100) this.#connection.send('SawProgress');
      },
      complete: () => resolve(items),
      error: reject,
    }));
  }

  /** The result of a method that takes a stream. */
  upload(method, ...values) {
    if (!this.#signalR.Subject) throw new Unsupported('the library streams nothing to the server');
    const stream = new this.#signalR.Subject();
    const result = this.#connection.invoke(method, stream);
    for (const value of values) stream.next(value);
    stream.complete();
    return result;
  }
}

function addressOf({ url, query }) {
  const pairs = new URLSearchParams(query ?? {}).toString();
  return pairs ? `${url}${url.includes('?') ? '&' : '?'}${pairs}` : url;
}

function optionsOf({ HttpTransportType }, { transport, token }) {
  const transports = {
    webSockets: HttpTransportType.WebSockets,
    serverSentEvents: HttpTransportType.ServerSentEvents,
    longPolling: HttpTransportType.LongPolling,
  };
  return { transport: transports[transport], ...(token ? { accessTokenFactory: () => token } : {}) };
}

/** A package of Node's old kind. */
async function load(name) {
  const loaded = await import(name);
  return loaded.default ?? loaded;
}
