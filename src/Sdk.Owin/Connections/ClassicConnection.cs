using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>
/// A client connection as the hubs see it, from the message that opens it to the one that ends it. Its messages are begun in order, each
/// as soon as the one before has come to its first await, as on a WebSocket of the stock server.
/// </summary>
/// <remarks>
/// Whatever happens, the hubs hear of one beginning and one end, the end last. States: waiting for its predecessor, opening, open,
/// ending, ended; only <see cref="RunAsync"/> moves from one to the next.
/// </remarks>
internal sealed partial class ClassicConnection
{
    private const string ReconnectText = "asrs:reconnect";

    private readonly object _lock = new();
    private readonly ClassicRuntime _runtime;
    private readonly OpenConnectionMessage _open;
    private readonly ILogger _logger;
    private readonly Task _predecessor;
    private readonly GatewayTransport _transport;
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private ClientHubDispatcher? _hubs;
    private bool _hasDetailedErrors;
    private int _waitingBytes;
    private bool _ended;
    private bool _stopCalled;
    private string? _error;

    /// <param name="runtime">The application.</param>
    /// <param name="server">The server connection the client is paired with.</param>
    /// <param name="open">What is known of it.</param>
    /// <param name="predecessor">Ends before this one begins: the same connection on a server connection that was lost.</param>
    /// <param name="logger">Where to log.</param>
    public ClassicConnection(ClassicRuntime runtime, ServerConnectionClient server, OpenConnectionMessage open, Task predecessor, ILogger logger)
    {
        _runtime = runtime;
        _open = open;
        _predecessor = predecessor;
        _logger = logger;
        Server = server;
        _transport = new GatewayTransport(open.ConnectionId, AnswerAsync);
    }

    public string Id => _open.ConnectionId;

    public ServerConnectionClient Server { get; }

    /// <summary>Gateway instance that holds the client; null if the gateway did not say.</summary>
    public string? InstanceId => _open.Headers.FirstOrDefault(static header => header.Key.Equals(ServiceHeaders.InstanceId, StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();

    /// <summary>What the client connected with; null while the connection is being opened.</summary>
    public Uri? Url { get; private set; }

    /// <summary>The hubs' work for this client; never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>Starts the hubs for this client.</summary>
    public void Start() => Completion = Task.Run(RunAsync);

    /// <summary>Whether the client named the hub.</summary>
    public bool IsIn(string hub) => _hubs?.HubNames.Contains(hub, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>Takes a text of the client. Called by the server connection's read loop; never waits.</summary>
    public void Receive(ReadOnlySpan<byte> payload)
    {
        if (Interlocked.Add(ref _waitingBytes, payload.Length) <= _runtime.Options.MaxWaitingBytesPerClient)
        {
            _messages.Writer.TryWrite(Encoding.UTF8.GetString(payload.ToArray()));
            return;
        }

        if (End("The hubs did not keep up with the messages of this client.", stopCalled: false))
        {
            Log.HubsTooSlow(_logger, Id);
        }
    }

    /// <summary>The gateway says that the client is gone: it stopped when no error is given, otherwise it was lost.</summary>
    public void CloseByGateway(string? error) => End(null, stopCalled: string.IsNullOrEmpty(error));

    /// <summary>The server connection is gone, or this app server is leaving. The client may come back on another one.</summary>
    public void CloseByLoss() => End(null, stopCalled: false);

    /// <summary>The application wants the connection to end, and the client to be told why.</summary>
    public void CloseByApplication(string reason) => End(reason, stopCalled: false);

    /// <summary>Sends a payload to this client. What can no longer be sent is dropped: the client went with its server connection.</summary>
    public Task SendAsync(byte[] payload) => Server.WriteAsync(new ConnectionDataMessage(Id, payload)).AsTask();

    private Task AnswerAsync(object value) => SendAsync(
        _hubs is null ? ClassicPayload.Envelope(value, _runtime.Serializer) : ClassicPayload.Answer(value, _runtime.Serializer));

    /// <summary>Ends the connection once; an error is told to the gateway, and so ends the client.</summary>
    private bool End(string? error, bool stopCalled)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
            _stopCalled = stopCalled;
            _error = error;
        }

        _messages.Writer.TryComplete();
        return true;
    }
}
