namespace Tandem.Testing;

/// <summary>The transports a <see cref="RawCoreClient"/> speaks.</summary>
public enum RawTransport
{
    WebSockets,
    ServerSentEvents,
    LongPolling,
}
