using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Dialects;
using Tandem.Routing.Hubs;
using Tandem.Routing.Mixing;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Messages;

/// <summary>
/// Executes what app servers send: finds the recipients and enqueues, changes memberships, answers. Runs in the read loop of a server
/// connection, one message at a time, and never waits for a client. Everything is scoped to the hub of the server connection it came on.
/// </summary>
public sealed partial class MessageRouter
{
    // How ASP.NET SignalR names groups of hubs among the keys of its message bus.
    private const string ClassicGroupPrefix = "hg-";

    private readonly ClientConnectionTable _connections;
    private readonly ConnectionRouter _router;
    private readonly PendingInvocations _invocations;
    private readonly ConnectionIds _ids;
    private readonly RoutingOptions _options;
    private readonly RoutingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<MessageRouter> _logger;
    private readonly LogThrottle _unknownTypes;
    private readonly LogThrottle _missingProtocols;
    private readonly HubTable _hubs;
    private readonly DialectTable _dialects;
    private readonly IOptionsMonitor<MixingOptions> _mixing;

    internal MessageRouter(
        ClientConnectionTable connections,
        HubTable hubs,
        ConnectionRouter router,
        PendingInvocations invocations,
        ConnectionIds ids,
        IOptions<RoutingOptions> options,
        IOptionsMonitor<MixingOptions> mixing,
        DialectTable dialects,
        RoutingMetrics metrics,
        TimeProvider time,
        ILogger<MessageRouter> logger)
    {
        _hubs = hubs;
        _mixing = mixing;
        _dialects = dialects;
        _connections = connections;
        _router = router;
        _invocations = invocations;
        _ids = ids;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _unknownTypes = new LogThrottle(time);
        _missingProtocols = new LogThrottle(time);
    }

    /// <summary>Delivers the bytes of one client, the most frequent message by far. Unknown connections are ignored.</summary>
    /// <param name="source">The server connection it came on.</param>
    /// <param name="connectionId">The connection id in UTF-8.</param>
    /// <param name="payload">Copied before the call returns.</param>
    public void RouteConnectionData(IServerConnection source, ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload)
    {
        _metrics.MessageDown("connection", payload.Length);
        if (_connections.TryGet(connectionId, out var connection) && Reaches(source, connection))
        {
            DeliverData(source, connection, payload.ToArray());
        }
        else
        {
            _metrics.MessageDropped("unknown_connection");
        }
    }

    /// <summary>Executes one message. Types that only the gateway sends, and unknown ones, are counted and skipped.</summary>
    /// <param name="source">The server connection it came on.</param>
    /// <param name="message">Its payloads are kept by reference: their memory must never be reused.</param>
    public void Route(IServerConnection source, ServiceMessage message)
    {
        ArgumentNullException.ThrowIfNull(source);
        var hub = source.Hub;
        switch (message)
        {
            case ConnectionDataMessage m:
                _metrics.MessageDown("connection", m.Payload.Length);
                if (TryFind(source, m.ConnectionId, out var target))
                {
                    DeliverData(source, target, m.Payload);
                }
                else
                {
                    _metrics.MessageDropped("unknown_connection");
                }

                break;
            case MultiConnectionDataMessage m:
                SendToConnections(source, m);
                break;
            case UserDataMessage m:
                SendToSets(source, hub.Users, "user", [m.UserId], m.Payloads);
                break;
            case MultiUserDataMessage m:
                SendToSets(source, hub.Users, "users", m.UserIds, m.Payloads);
                break;
            case BroadcastDataMessage m:
                var broadcast = Begin(source, "broadcast", m.Payloads);
                _metrics.FanOut("broadcast", Send(hub.Clients.Snapshot(), source, broadcast, new Exclusions(m.ExcludedConnectionIds, [])));
                break;
            case GroupBroadcastDataMessage m:
                var toGroup = Begin(source, "group", m.Payloads);
                var (room, group) = Locate(source, m.GroupName);
                var recipients = room.Groups.TryGet(group, out var members)
                    ? Send(members.Snapshot(), source, toGroup, new Exclusions(m.ExcludedConnectionIds, m.ExcludedUserIds))
                    : 0;
                _metrics.FanOut("group", recipients);
                break;
            case MultiGroupBroadcastDataMessage m:
                SendToGroups(source, m);
                break;
            case CloseConnectionMessage m:
                if (TryFind(source, m.ConnectionId, out var closing))
                {
                    // The app server that serves the client has said goodbye itself; a reason of another one is for the client's ears.
                    var own = closing.PairingWith(source) is not null;
                    _router.Disconnect(closing, CloseReason.AppServerClosed, own ? null : ForTheClient(m.Error), knows: own ? source : null);
                }

                break;
            case JoinGroupMessage or LeaveGroupMessage or UserJoinGroupMessage or UserLeaveGroupMessage:
                ChangeMembership(source, message);
                break;
            case CheckUserInGroupMessage or CheckGroupExistenceMessage or CheckConnectionExistenceMessage or CheckUserExistenceMessage:
                AnswerCheck(source, message);
                break;
            case CloseConnectionWithAckMessage or CloseConnectionsWithAckMessage or CloseUserConnectionsWithAckMessage
                or CloseGroupConnectionsWithAckMessage:
                CloseConnections(source, message);
                break;
            case ClientInvocationMessage m:
                InvokeClient(source, m);
                break;
            case ClientCompletionMessage m:
                CompleteInvocation(source, m);
                break;
            case AccessKeyRequestMessage:
                source.Send(new AccessKeyResponseMessage(
                    null, null, "NotSupportedException", "This gateway has no cloud identity; use a connection string with an access key."));
                break;
            default:
                _metrics.UnknownMessage();
                if (_unknownTypes.TryPass(out var suppressed))
                {
                    var type = message is UnknownMessage unknown ? unknown.TypeNumber.ToString(System.Globalization.CultureInfo.InvariantCulture) : message.GetType().Name;
                    Log.UnknownMessage(_logger, source.ServerConnectionId, type, suppressed);
                }

                break;
        }
    }

    /// <summary>
    /// A message that was too large to be read: its recipient must not go on with a gap. A client it was for alone is disconnected;
    /// a message to many is dropped and counted.
    /// </summary>
    public void RouteOversized(IServerConnection source, string? connectionId)
    {
        ArgumentNullException.ThrowIfNull(source);
        _metrics.MessageDropped("too_large");
        if (connectionId is not null && TryFind(source, connectionId, out var connection))
        {
            _router.Disconnect(connection, CloseReason.MessageTooLarge);
        }
    }

    /// <summary>
    /// Never null: a client that is closed by anyone but its own app server has to be told so, or it takes the end for an accident and
    /// reconnects.
    /// </summary>
    private static string ForTheClient(string? reason) => string.IsNullOrEmpty(reason) ? CloseReason.AppServerClosed.Describe() : reason;

    private static void Acknowledge(IServerConnection source, int? ackId, AckStatus status, string? message = null)
    {
        if (ackId is { } id)
        {
            source.Send(new AckMessage(id, status, message));
        }
    }

    private bool TryFind(IServerConnection source, string connectionId, out ClientConnection connection) =>
        _connections.TryGet(connectionId, out connection) && Reaches(source, connection);

    /// <summary>Classic app servers reach single clients of all their hubs over the application's server connections.</summary>
    private static bool Reaches(IServerConnection source, ClientConnection connection) =>
        connection.IsIn(source.Hub) || (source.Family == ProtocolFamily.Classic && ReferenceEquals(connection.Hub.Application, source.Hub));

    private void DeliverData(IServerConnection source, ClientConnection connection, ReadOnlyMemory<byte> payload)
    {
        if (connection.Encoder.Family != source.Family)
        {
            if (connection.PairingWith(source) is { Translator: not null } mixed)
            {
                // What an app server still says of a session that is over is nothing to the next.
                if (mixed.IsActive)
                {
                    _router.DeliverTranslated(connection, mixed, payload);
                }
            }
            else
            {
                Send(connection, source, new OutboundMessage(new ServicePayloads(new ServicePayload("json", payload)), source.Family));
            }

            return;
        }

        var frame = new Frame(connection.Encoder.Encode(payload));
        if (source.Family == ProtocolFamily.Classic)
        {
            _router.Deliver(connection, frame);
            return;
        }

        if (connection.Pairing is { IsOpened: false } pairing && ReferenceEquals(pairing.Server, source))
        {
            // The first data of the paired app server is its handshake response; what was held for the client follows it.
            pairing.IsOpened = true;
            _router.Check(connection, connection.Queue.Open(frame));
        }
        else
        {
            _router.Check(connection, connection.Queue.TryEnqueue(frame));
        }
    }

    private OutboundMessage Begin(IServerConnection source, string kind, in ServicePayloads payloads)
    {
        var items = payloads.Items;
        _metrics.MessageDown(kind, items.Length == 0 ? 0 : items[0].Bytes.Length);
        return new OutboundMessage(payloads, source.Family);
    }

    private void SendToConnections(IServerConnection source, MultiConnectionDataMessage message)
    {
        var outbound = Begin(source, "connections", message.Payloads);
        var recipients = 0;
        foreach (var id in message.ConnectionIds)
        {
            if (TryFind(source, id, out var connection))
            {
                Send(connection, source, outbound);
                recipients++;
            }
            else
            {
                _metrics.MessageDropped("unknown_connection");
            }
        }

        _metrics.FanOut("connections", recipients);
    }

    private void SendToSets(IServerConnection source, MemberTable sets, string kind, IReadOnlyList<string> names, in ServicePayloads payloads)
    {
        var outbound = Begin(source, kind, payloads);
        var recipients = 0;
        foreach (var name in names)
        {
            if (sets.TryGet(name, out var members))
            {
                recipients += Send(members.Snapshot(), source, outbound, default);
            }
        }

        _metrics.FanOut(kind, recipients);
    }

    private void SendToGroups(IServerConnection source, MultiGroupBroadcastDataMessage message)
    {
        var outbound = Begin(source, "groups", message.Payloads);
        var recipients = 0;
        foreach (var name in message.GroupNames)
        {
            // A member of two of the groups gets it twice, as in Azure's service.
            var (room, group) = Locate(source, name);
            if (room.Groups.TryGet(group, out var members))
            {
                recipients += Send(members.Snapshot(), source, outbound, default);
            }
        }

        _metrics.FanOut("groups", recipients);
    }

    private int Send(ReadOnlySpan<ClientConnection> members, IServerConnection source, OutboundMessage message, Exclusions exclusions)
    {
        if (exclusions.IsEmpty)
        {
            foreach (var member in members)
            {
                Send(member, source, message);
            }

            return members.Length;
        }

        var recipients = 0;
        foreach (var member in members)
        {
            if (!exclusions.Contains(member))
            {
                Send(member, source, message);
                recipients++;
            }
        }

        return recipients;
    }

    private void Send(ClientConnection member, IServerConnection source, OutboundMessage message)
    {
        if (message.TryGetFrame(member.Encoder, out var frame))
        {
            _router.Check(member, member.Queue.TryEnqueue(frame));
            return;
        }

        if (member.Encoder.Family != message.Family)
        {
            SendTranslated(member, source, message);
            return;
        }

        _metrics.MessageDropped("protocol_missing");
        if (_missingProtocols.TryPass(out var suppressed))
        {
            Log.ProtocolMissing(_logger, member.Hub.Key, member.Encoder.HubProtocol, suppressed);
        }
    }

    private void SendTranslated(ClientConnection member, IServerConnection source, OutboundMessage message)
    {
        // A message of ASP.NET Core is for the hub it came for; one of a classic app server may be for several, each named in it.
        var room = message.Family == ProtocolFamily.Core ? source.Hub : member.Hub;
        if (!member.IsMixed && !_mixing.CurrentValue.IsEnabledFor(room.Key))
        {
            _metrics.MessageDropped("other_family");
            return;
        }

        var translated = message.Translate(_dialects);
        foreach (var frame in translated.FramesFor(member.Encoder, room))
        {
            _router.Check(member, member.Queue.TryEnqueue(frame));
        }

        if (translated.TakeError() is { } error)
        {
            _metrics.MessageDropped("untranslatable");
            _router.Report(room, string.Empty, MixingFeature.Untranslatable, error);
        }
    }

    /// <summary>
    /// The group a name of an app server stands for. Classic ones name the groups of all their hubs on one server connection, <c>hg-HUB.GROUP</c>;
    /// they are those of the hub. Whatever is no such name belongs to the hub of the server connection.
    /// </summary>
    private (HubState Room, string Group) Locate(IServerConnection source, string name) =>
        source.Family == ProtocolFamily.Classic && source.Hub.Application is { } application && name.StartsWith(ClassicGroupPrefix, StringComparison.Ordinal)
            && _hubs.TrySplit(application, name[ClassicGroupPrefix.Length..], out var room, out var group)
                ? (room, group)
                : (source.Hub, name);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Server connection {ServerConnectionId} sent a message of type {MessageType}, which this version does not know; skipped. {Suppressed} more since the last such line.", EventName = "UnknownMessage")]
        public static partial void UnknownMessage(ILogger logger, string serverConnectionId, string messageType, int suppressed);

        [LoggerMessage(2, LogLevel.Warning, "A message to clients of hub {Hub} did not come in their hub protocol {HubProtocol}, so they did not get it: register that protocol at every app server. {Suppressed} more since the last such line.", EventName = "ProtocolMissing")]
        public static partial void ProtocolMissing(ILogger logger, string hub, string hubProtocol, int suppressed);
    }
}
