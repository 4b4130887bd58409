using System.IO.Pipelines;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>
/// A client connection as the hub sees it. Its bytes come and go on the server connection it is paired with; it ends with
/// that at the latest.
/// </summary>
/// <remarks>
/// Inbound bytes wait in a bounded pipe. The server connection's read loop serves many clients and never waits for one: a
/// client whose hub leaves more than the limit waiting is closed.
/// </remarks>
internal sealed partial class VirtualConnection : ConnectionContext,
    IConnectionUserFeature, IConnectionItemsFeature, IConnectionIdFeature, IConnectionTransportFeature, IConnectionHeartbeatFeature,
    IConnectionLifetimeFeature, IConnectionInherentKeepAliveFeature, ITransferFormatFeature, IHttpContextFeature, IDuplexPipe
{
    // The gateway keeps clients of these alive itself and swallows their pings.
    private static readonly string[] KeptAliveProtocols = ["json", "messagepack", "blazorpack"];

    private readonly Lock _lock = new();
    private readonly HubRuntime _hub;
    private readonly OpenConnectionMessage _open;
    private readonly ILogger _logger;
    private readonly Pipe _input;
    private readonly VirtualConnectionOutput _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly ConnectionFeatures _features;
    private HttpContext? _httpContext;
    private List<(Action<object> Action, object State)>? _heartbeats;
    private Task _inputFlush = Task.CompletedTask;
    private bool _inputEnded;
    private bool _endedByGateway;
    private string? _closeError;
    private IDictionary<object, object?>? _items;

    public VirtualConnection(HubRuntime hub, ServerConnectionClient server, OpenConnectionMessage open, int maxWaitingBytes, ILogger logger)
    {
        _hub = hub;
        _open = open;
        _logger = logger;
        Server = server;
        User = ClientPrincipal.Create(open.Claims);
        ConnectionClosed = _closed.Token;
        var migrateFrom = FindHeader(open.Headers, ServiceHeaders.MigrateFrom);
        _output = new VirtualConnectionOutput(open.ConnectionId, server, swallowHandshake: migrateFrom is not null);
        // The reader's progress must be seen by the next Receive at once, hence inline.
        _input = new Pipe(new PipeOptions(
            writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: maxWaitingBytes, resumeWriterThreshold: maxWaitingBytes,
            useSynchronizationContext: false));
        Transport = this;
        _features = new ConnectionFeatures(this)
        {
            Migration = migrateFrom is null ? null : new ConnectionMigrationFeature(migrateFrom, null),
        };
    }

    public ServerConnectionClient Server { get; }

    /// <summary>Hub protocol of the client; null if the gateway did not say.</summary>
    public string? Protocol => _open.Protocol;

    /// <summary>User id chosen at negotiate; null if none was.</summary>
    public string? UserId => ClientPrincipal.Find(_open.Claims, ServiceClaims.UserId);

    /// <summary>Gateway instance that holds the client; null if the gateway did not say.</summary>
    public string? InstanceId => FindHeader(_open.Headers, ServiceHeaders.InstanceId);

    /// <summary>The hub's work for this client; never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public override string ConnectionId { get => _open.ConnectionId; set => throw new NotSupportedException("A connection keeps its id."); }

    public override IFeatureCollection Features => _features;

    public override IDictionary<object, object?> Items { get => _items ??= new ConnectionItems(); set => _items = value; }

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override EndPoint? RemoteEndPoint
    {
        get => HttpContext?.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, 0) : null;
        set => throw new NotSupportedException("The client's address is the gateway's to say.");
    }

    public ClaimsPrincipal? User { get; set; }

    public bool HasInherentKeepAlive => KeptAliveProtocols.Contains(_open.Protocol, StringComparer.OrdinalIgnoreCase);

    public TransferFormat SupportedFormats => TransferFormat.Binary | TransferFormat.Text;

    public TransferFormat ActiveFormat { get; set; }

    /// <summary>Made when somebody asks for it: most hubs never do.</summary>
    public HttpContext? HttpContext
    {
        get => _httpContext ?? LazyInitializer.EnsureInitialized(
            ref _httpContext, () => VirtualHttpContext.Create(_open, User!, _hub.Endpoint, _hub.Scopes, ConnectionClosed));
        set => _httpContext = value;
    }

    PipeReader IDuplexPipe.Input => _input.Reader;

    PipeWriter IDuplexPipe.Output => _output;

    /// <summary>Starts the hub for this client, when that has said goodbye to a former session of it.</summary>
    public void Start(ConnectionDelegate application, Task former) => Completion = Task.Run(async () =>
    {
        await former.ConfigureAwait(false);
        await RunAsync(application).ConfigureAwait(false);
    });

    /// <summary>Takes bytes of the client. Called by the server connection's read loop only; never waits.</summary>
    public void Receive(ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            if (_inputEnded)
            {
                return;
            }

            if (_inputFlush.IsCompleted)
            {
                payload.CopyTo(_input.Writer.GetSpan(payload.Length));
                _input.Writer.Advance(payload.Length);
                var flush = _input.Writer.FlushAsync(CancellationToken.None);
                _inputFlush = flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();
                return;
            }
        }

        Log.HubTooSlow(_logger, ConnectionId, _hub.Name);
        End(new ConnectionResetException("The hub did not keep up with the messages of this client."));
    }

    /// <summary>The gateway says that the client is gone, or that it goes to another app server.</summary>
    public void CloseByGateway(CloseConnectionMessage close)
    {
        if (FindHeader(close.Headers, ServiceHeaders.MigrateTo) is { } migrateTo)
        {
            Log.MovesAway(_logger, ConnectionId, migrateTo);
            _features.Migration = new ConnectionMigrationFeature(null, migrateTo);
        }

        EndByGateway(null);
    }

    /// <summary>The server connection or the gateway instance is gone, and the client with it.</summary>
    /// <param name="reason">What the hub is told; null when this app server itself is leaving.</param>
    public void CloseByLoss(string? reason) => EndByGateway(reason is null ? null : new ConnectionResetException(reason));

    public override void Abort(ConnectionAbortedException abortReason) => End(abortReason);

    // Without a reason it is an ordinary end: the client is not told of an error.
    public override void Abort()
    {
        EndInput(null);
        CancelClosed();
    }

    public void OnHeartbeat(Action<object> action, object state)
    {
        lock (_lock)
        {
            (_heartbeats ??= []).Add((action, state));
        }
    }

    public void TickHeartbeat()
    {
        (Action<object> Action, object State)[] heartbeats;
        lock (_lock)
        {
            if (_heartbeats is null)
            {
                return;
            }

            heartbeats = [.. _heartbeats];
        }

        foreach (var (action, state) in heartbeats)
        {
            action(state);
        }
    }

    private static string? FindHeader(IReadOnlyList<KeyValuePair<string, string[]>> headers, string name)
    {
        foreach (var header in headers)
        {
            if (header.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && header.Value.Length > 0)
            {
                return header.Value[0];
            }
        }

        return null;
    }

    /// <summary>Ends the connection from this side; the gateway, and so the client, is told why.</summary>
    private void End(Exception reason)
    {
        lock (_lock)
        {
            _closeError ??= reason.Message;
        }

        EndInput(reason);
        CancelClosed();
    }

    private void EndByGateway(Exception? error)
    {
        lock (_lock)
        {
            _endedByGateway = true;
        }

        _output.Discard();
        EndInput(error);
    }

    private void EndInput(Exception? error)
    {
        lock (_lock)
        {
            if (_inputEnded)
            {
                return;
            }

            _inputEnded = true;
            _input.Writer.Complete(error);
        }
    }

    private void CancelClosed() => _ = _closed.CancelAsync();
}
