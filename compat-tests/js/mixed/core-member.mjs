// One client of ASP.NET Core in a room.

export class CoreMember {
  #connection;
  #signalR;

  constructor({ signalR, MessagePackHubProtocol }, { url, user, token, transport, retryDelays }, isBinary, see) {
    this.#signalR = signalR;
    const transports = {
      webSockets: signalR.HttpTransportType.WebSockets,
      serverSentEvents: signalR.HttpTransportType.ServerSentEvents,
      longPolling: signalR.HttpTransportType.LongPolling,
    };
    const options = { transport: transports[transport], ...(token ? { accessTokenFactory: () => token } : {}) };
    const builder = new signalR.HubConnectionBuilder().withUrl(user ? `${url}?user=${user}` : url, options).configureLogging(signalR.LogLevel.None);
    if (isBinary) builder.withHubProtocol(new MessagePackHubProtocol());
    if (retryDelays) builder.withAutomaticReconnect(retryDelays);
    this.#connection = builder.build();
    this.#connection.on('message', see);
    this.#connection.onreconnecting(error => see('reconnecting', String(error?.message ?? '')));
    this.#connection.onreconnected(id => see('back', id));
    this.#connection.onclose(error => see('closed', String(error?.message ?? '')));
  }

  async start() {
    await this.#connection.start();
    return this.#connection.connectionId;
  }

  stop() { return this.#connection.stop(); }

  invoke(method, ...values) { return this.#connection.invoke(method, ...values); }

  /** All items of a stream. */
  progress(method, ...values) {
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
    const stream = new this.#signalR.Subject();
    const result = this.#connection.invoke(method, stream);
    for (const value of values) stream.next(value);
    stream.complete();
    return result;
  }
}
