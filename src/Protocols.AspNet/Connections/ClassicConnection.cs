using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>
/// The physical connection of one classic client, from its first request to its end: it outlives its transports, and its app server.
/// </summary>
/// <remarks>
/// Two things come and go independently of each other:
/// <list type="bullet">
/// <item>the stream, which is the receiving side: none, or one. A newer one replaces it. What waits is kept, what was sent and perhaps lost is
/// kept for a while; without a stream for the disconnect timeout the connection ends.</item>
/// <item>the pairing: none until the client starts; then one, until the server connection is lost. The stream is ended then, and the client's
/// next request pairs it anew.</item>
/// </list>
/// The end is final: nothing more is taken, what waits is sent to the stream that is there, and the id is unknown from then on.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "Neither the token source (no timer) nor the gates (no wait handle) hold anything to dispose of.")]
internal sealed partial class ClassicConnection : IPhysicalConnection
{
    private readonly ClassicConnectionContext _context;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly SocketCalls _calls;
    private readonly PendingSends _sends;
    private readonly ReplayBuffer _replay;
    private bool _hasPlace = true;
    private string? _farewell;
    private volatile CloseReason _closeReason;
    private volatile ClientConnection? _client;

    public ClassicConnection(ClassicConnectionContext context, ClassicClient client, ILogger logger)
    {
        _context = context;
        _logger = logger;
        Client = client;
        _kind = client.Transport;
        _calls = new SocketCalls(context.Options.MaxPendingSends);
        _sends = new PendingSends(context.Options.MaxPendingSends);
        _replay = new ReplayBuffer(context.Options.ReplayBytes, context.Options.ReplayMessages, context.ReplayBudget);
        _replay.Begin(context.Cursors.Next());
        Queue = new OutboundQueue(context.QueueOptions, this);
        // There is no handshake to wait for.
        Queue.Open(null);
        _createdTimestamp = _sinceTimestamp = context.Time.GetTimestamp();
    }

    /// <summary>Who it is for.</summary>
    public ClassicClient Client { get; }

    public OutboundQueue Queue { get; }

    public bool SurvivesServer => _closeReason == CloseReason.None;

    /// <summary>Bytes of sent messages that are kept.</summary>
    public long ReplayBytes => _replay.Bytes;

    /// <summary>Why the connection has ended; <see cref="CloseReason.None"/> while it has not.</summary>
    public CloseReason CloseReason => _closeReason;

    private string ConnectionId => Client.ConnectionId;

    /// <summary>Ends the connection; the first reason wins.</summary>
    public void Close(CloseReason reason)
    {
        if (_client is { } client)
        {
            // Comes back as OnDisconnected, unless the router has ended it before.
            _context.Router.Disconnect(client, reason);
        }
        else
        {
            BeginClose(reason, null);
        }
    }

    public void OnDisconnected(ClientConnection connection, CloseReason reason, string? message) => BeginClose(reason, message);

    public void OnTransportFailed(IClientTransport transport, Exception exception) => Log.TransportFailed(_logger, exception, ConnectionId);

    /// <summary>What the client is told of the end, as an envelope; null when its protocol has no words for it, or it knows.</summary>
    public byte[]? Farewell(CloseReason reason) => ErrorFor(reason) is { } text ? ClassicEnvelope.Error(_replay.LastCursor(), text) : null;

    /// <summary>Gives way because the node holds too much.</summary>
    public void ReleaseReplay() => _replay.GiveWay();

    /// <summary>Drops everything at once.</summary>
    public void Abort()
    {
        Queue.Abort();
        CurrentStream?.Finish(StreamEnd.Closed);
    }

    private void BeginClose(CloseReason reason, string? message)
    {
        ClientConnection? client;
        lock (_lock)
        {
            if (_closeReason != CloseReason.None)
            {
                return;
            }

            // The text of whoever closed the connection may hold details; the gateway's own sentences do not.
            _farewell = message is null || !Client.Principal.DetailedErrors ? reason.Describe() : message;
            _closeReason = reason;
            _sinceTimestamp = _context.Time.GetTimestamp();
            client = _client;
        }

        LeavePlace();
        _closing.Cancel();
        _sends.Lose(reason, close: true);
        if (client is not null)
        {
            // It was paired between the caller's look and the lock; the router ignores a connection that has ended already.
            _context.Router.Disconnect(client, reason);
        }

        if (reason is CloseReason.SlowConsumer or CloseReason.TransportFailed)
        {
            // Nothing to say to a client that does not listen; flushing megabytes to it would take for ever.
            Abort();
        }
        else
        {
            Queue.Complete(reason, null);
        }

        _replay.Close();
        Log.Closed(_logger, ConnectionId, reason);
    }

    /// <summary>
    /// An error ends the client for good. Where it is better off coming back, or has left itself, there is none: the end of its transport makes a
    /// classic client reconnect.
    /// </summary>
    private string? ErrorFor(CloseReason reason) =>
        reason == CloseReason.ClientClosed || !_understandsErrors || (reason.ShouldReconnect() && reason != CloseReason.TokenExpired)
            ? null
            : _farewell ?? reason.Describe();

    /// <summary>Gives back the place among the connections that have not started, once.</summary>
    private void LeavePlace()
    {
        if (Interlocked.Exchange(ref _hasPlace, false))
        {
            _context.Places.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Sending to classic client connection {ConnectionId} failed; it may reconnect.", EventName = "TransportFailed")]
        public static partial void TransportFailed(ILogger logger, Exception exception, string connectionId);

        [LoggerMessage(2, LogLevel.Debug, "Classic client connection {ConnectionId} ended: {CloseReason}.", EventName = "Closed")]
        public static partial void Closed(ILogger logger, string connectionId, CloseReason closeReason);

        [LoggerMessage(3, LogLevel.Debug, "Classic client connection {ConnectionId} opened {Transport}.", EventName = "StreamOpened")]
        public static partial void StreamOpened(ILogger logger, string connectionId, ClientTransports transport);

        [LoggerMessage(4, LogLevel.Debug, "The stream of classic client connection {ConnectionId} over {Transport} ended: {StreamEnd}.", EventName = "StreamEnded")]
        public static partial void StreamEnded(ILogger logger, string connectionId, ClientTransports transport, StreamEnd streamEnd);

        [LoggerMessage(5, LogLevel.Debug, "Classic client connection {ConnectionId} gave up a call before its result came.", EventName = "CallAbandoned")]
        public static partial void CallAbandoned(ILogger logger, string connectionId);

        [LoggerMessage(
            6, LogLevel.Warning,
            "An app server of {Application} sent classic client connection {ConnectionId} what is neither messages nor a result with an id; it is dropped.",
            EventName = "BadResult")]
        public static partial void BadResult(ILogger logger, string connectionId, string application);
    }
}
