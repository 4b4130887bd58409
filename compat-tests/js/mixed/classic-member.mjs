// One jQuery client in a room.

export class ClassicMember {
  #connection;
  #transport;
  #hub;

  constructor({ url, user, token, transport }, see) {
    this.#transport = transport;
    const qs = { ...(user ? { user } : {}), ...(token ? { access_token: token } : {}) };
    this.#connection = $.hubConnection(url, { useDefaultPath: false, qs });
    this.#connection.reconnecting(() => see('reconnecting', ''));
    this.#connection.reconnected(() => see('back', ''));
    this.#connection.disconnected(() => see('closed', ''));
    this.#connection.error(error => see('error', String(error?.message ?? error)));
    this.#hub = this.#connection.createHubProxy('room');
    this.#hub.on('message', see);
  }

  async start() {
    const options = { transport: this.#transport, waitForPageLoad: false };
    await new Promise((resolve, reject) => this.#connection.start(options).done(resolve).fail(reject));
    return this.#connection.id;
  }

  stop() { this.#connection.stop(); }

  invoke(method, ...values) { return new Promise((resolve, reject) => this.#hub.invoke(method, ...values).done(resolve).fail(reject)); }

  /** All that a call reports, and its result. */
  progress(method, ...values) {
    const items = [];
    return new Promise((resolve, reject) => this.#hub.invoke(method, ...values).progress(item => {
      items.push(item);
      if (item === 100) this.#hub.invoke('SawProgress');
    }).done(result => resolve([...items, result])).fail(reject));
  }

  /** What the client keeps for the hub. */
  state() { return this.#hub.state; }

  keep(name, value) { this.#hub.state[name] = value; }
}
