// ngx-signalr-websocket: for ASP.NET Core, on a page, on WebSockets alone.
//
// library: { adapter: 'ngx-signalr-websocket', client: 'ngx-signalr-websocket' }, a name in package.json.

/** Of a page: the package, bundled. */
export const scripts = ({ client }) => [client];

export function make({ url, query, token }, see) {
  const hubUrl = new URL(url);
  for (const [name, value] of Object.entries(query ?? {})) hubUrl.searchParams.append(name, value);
  const client = library.SignalrClient.create(httpClientFor(hubUrl));
  return new Member(client, hubUrl.href, token ?? undefined, see);
}

/** It wants an HTTP client from its page. What it asks that one for has "/negotiate" after the query of the hub's URL. */
function httpClientFor(hubUrl) {
  const httpClient = new library.DefaultHttpPostClient();
  return {
    post(url, body) {
      const negotiateUrl = new URL(hubUrl);
      negotiateUrl.pathname = hubUrl.pathname.replace(/\/?$/, '/negotiate');
      const token = new URL(url).searchParams.get('access_token');
      if (token) negotiateUrl.searchParams.append('access_token', token);
      return httpClient.post(negotiateUrl.href, body);
    },
  };
}

class Member {
  #client;
  #url;
  #token;
  #see;
  #connection;

  constructor(client, url, token, see) {
    this.#client = client;
    this.#url = url;
    this.#token = token;
    this.#see = see;
  }

  async start() {
    this.#connection = await first(this.#client.connect(this.#url, this.#token));
    await new Promise((resolve, reject) => {
      const close = reason => {
        this.#see('closed', reason);
        reject(new Error(reason));
      };
      this.#connection.state.subscribe(resolve);
      this.#connection.on('message').subscribe({
        next: ([kind, payload]) => this.#see(kind, payload),
        error: error => close(String(error?.reason ?? error?.message ?? '')),
        complete: () => close(''),
      });
    });
    return null;
  }

  stop() { this.#connection?.close(); }

  invoke(method, ...values) { return first(this.#connection.invoke(method, ...values)); }

  /** All items of a stream. */
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
}

const first = observable => new Promise((resolve, reject) => {
  let value;
  observable.subscribe({ next: next => { value = next; resolve(next); }, error: reject, complete: () => resolve(value) });
});
