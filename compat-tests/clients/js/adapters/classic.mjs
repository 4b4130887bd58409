// The classic client, jquery.signalR: on a page only, as jQuery wants one.
//
// library: { adapter: 'classic', client: 'classic-2.4.3', jQuery: 'jquery-3.7.1/dist/jquery.js' }, names in package.json.

import { Unsupported } from '../unsupported.mjs';

/** Of a page, below node_modules, in their order. */
export const scripts = ({ client, jQuery }) => [jQuery, `${client}/jquery.signalR.js`];

export const make = (settings, see) => makeWith($.hubConnection, settings, see);

/** @param hubConnection the library's function of that name */
export function makeWith(hubConnection, { url, query, token, hub: name, transport }, see) {
  const qs = { ...query, ...(token ? { access_token: token } : {}) };
  const connection = hubConnection(url, { useDefaultPath: false, qs });
  connection.reconnecting(() => see('reconnecting', ''));
  connection.reconnected(() => see('back', connection.id ?? ''));
  connection.disconnected(() => see('closed', String(connection.lastError?.message ?? '')));
  connection.error(error => see('error', String(error?.message ?? error)));
  const hub = connection.createHubProxy(name);
  hub.on('message', see);
  return new Member(connection, hub, transport);
}

class Member {
  #connection;
  #hub;
  #transport;

  constructor(connection, hub, transport) {
    this.#connection = connection;
    this.#hub = hub;
    this.#transport = transport;
  }

  async start() {
    await settled(this.#connection.start({ transport: this.#transport, waitForPageLoad: false }));
    return this.#connection.id;
  }

  stop() { this.#connection.stop(); }

  invoke(method, ...values) { return settled(this.#hub.invoke(method, ...values)); }

  /** All that a call reports, and its result. */
  async progress(method, ...values) {
    if (globalThis.$ && !$.Deferred().progress) throw new Unsupported('the promises of jQuery know progress since 1.7');
    const items = [];
    const result = await settled(this.#hub.invoke(method, ...values).progress(item => {
      items.push(item);
      if (item === 100) this.#hub.invoke('SawProgress');
    }));
    return [...items, result];
  }

  keep(name, value) { this.#hub.state[name] = value; }

  state() { return this.#hub.state; }
}

/** jQuery's promises had no `catch`, and a `then` of their own, before jQuery 3. */
const settled = promise => new Promise((resolve, reject) => { promise.done(resolve).fail(reject); });
