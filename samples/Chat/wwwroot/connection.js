// The hub connection of this page, and where it really goes: the application answers negotiate with the
// gateway's address, so that only the requests themselves say to whom the page is talking.

const { DefaultHttpClient, HubConnectionBuilder, HttpTransportType, LogLevel, NullLogger } = globalThis.signalR;
const Transports = ['WebSockets', 'ServerSentEvents', 'LongPolling'];

/** Milliseconds before the next try: at once, then doubling up to 15 s, with jitter so that a crowd does not return in step. */
export function retryDelay(previousRetries) {
  return previousRetries === 0 ? 0 : Math.min(15_000, 500 * 2 ** (previousRetries - 1)) * (0.5 + Math.random() / 2);
}

/**
 * @param {string} name how the others see this page
 * @param {string | null} transport WebSockets, ServerSentEvents or LongPolling; anything else lets the client choose
 * @param {(transport: string, address: string) => void} onRoute called with each address the page receives from
 */
export function createConnection(name, transport, onRoute) {
  // Without its query, which carries the access token.
  const report = (kind, url) => {
    const { origin, pathname } = new URL(url, location.href);
    onRoute(kind, origin.replace(/^ws/, 'http') + pathname);
  };

  class RoutedWebSocket extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols);
      report('WebSockets', url);
    }
  }

  class RoutedEventSource extends EventSource {
    constructor(url, init) {
      super(url, init);
      report('ServerSentEvents', url);
    }
  }

  class RoutedHttpClient extends DefaultHttpClient {
    send(request) {
      // Negotiating and sending are POST; only a poll is GET.
      if (request.method === 'GET') {
        report('LongPolling', request.url);
      }
      return super.send(request);
    }
  }

  return new HubConnectionBuilder()
    .withUrl(`chatHub?name=${encodeURIComponent(name)}`, {
      transport: Transports.includes(transport) ? HttpTransportType[transport] : undefined,
      httpClient: new RoutedHttpClient(NullLogger.instance),
      WebSocket: RoutedWebSocket,
      EventSource: RoutedEventSource,
    })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: context => retryDelay(context.previousRetryCount) })
    .configureLogging(LogLevel.Warning)
    .build();
}
