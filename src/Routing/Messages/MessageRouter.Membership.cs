using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Messages;

/// <content>Groups, existence checks and closing by name: what an ack may be wanted for.</content>
public sealed partial class MessageRouter
{
    private void ChangeMembership(IServerConnection source, ServiceMessage message)
    {
        var hub = source.Hub;
        switch (message)
        {
            case JoinGroupMessage m:
                var (room, group) = Locate(source, m.GroupName);
                if (!TryFind(source, m.ConnectionId, out var joining) || !joining.IsIn(room))
                {
                    Acknowledge(source, m.AckId, AckStatus.NotFound, "There is no such connection.");
                }
                else if (room.TryJoin(joining, group, _options.MaxGroupsPerConnection))
                {
                    Acknowledge(source, m.AckId, AckStatus.Ok);
                }
                else if (joining.IsClosed)
                {
                    Acknowledge(source, m.AckId, AckStatus.NotFound, "There is no such connection.");
                }
                else
                {
                    RefuseGroup(source, m.AckId, $"The connection is in {_options.MaxGroupsPerConnection} groups already (Limits:MaxGroupsPerConnection).");
                }

                break;
            case LeaveGroupMessage m:
                if (TryFind(source, m.ConnectionId, out var leaving))
                {
                    LeaveGroup(source, leaving, m.GroupName);
                    Acknowledge(source, m.AckId, AckStatus.Ok);
                }
                else
                {
                    Acknowledge(source, m.AckId, AckStatus.NotFound, "There is no such connection.");
                }

                break;
            case UserJoinGroupMessage m:
                JoinUser(source, m);
                break;
            case UserLeaveGroupMessage m:
                hub.UserGroups.Remove(m.UserId, m.GroupName);
                foreach (var connection in ConnectionsOf(hub.Users, m.UserId))
                {
                    hub.Leave(connection, m.GroupName);
                }

                Acknowledge(source, m.AckId, AckStatus.Ok);
                break;
        }
    }

    private void LeaveGroup(IServerConnection source, ClientConnection connection, string? name)
    {
        if (name is null)
        {
            source.Hub.Leave(connection, null);
            return;
        }

        var (room, group) = Locate(source, name);
        room.Leave(connection, group);
    }

    private void JoinUser(IServerConnection source, UserJoinGroupMessage message)
    {
        var hub = source.Hub;
        // A ttl of 0 is for the connections of this moment only: nothing to remember.
        if (message.TtlSeconds is null or > 0)
        {
            var now = _time.GetUtcNow();
            DateTimeOffset? expires = message.TtlSeconds is { } seconds ? now.AddSeconds(seconds) : null;
            if (!hub.UserGroups.TryAdd(message.UserId, message.GroupName, expires, now))
            {
                RefuseGroup(source, message.AckId, $"The hub remembers {_options.MaxUserGroups} groups of users already (Limits:MaxUserGroups).");
                return;
            }
        }

        var isFull = false;
        foreach (var connection in ConnectionsOf(hub.Users, message.UserId))
        {
            isFull |= !hub.TryJoin(connection, message.GroupName, _options.MaxGroupsPerConnection) && !connection.IsClosed;
        }

        if (isFull)
        {
            RefuseGroup(source, message.AckId, $"A connection of the user is in {_options.MaxGroupsPerConnection} groups already (Limits:MaxGroupsPerConnection).");
        }
        else
        {
            Acknowledge(source, message.AckId, AckStatus.Ok);
        }
    }

    private void RefuseGroup(IServerConnection source, int? ackId, string why)
    {
        _metrics.MessageDropped("group_limit");
        Acknowledge(source, ackId, AckStatus.InternalServerError, why);
    }

    private void AnswerCheck(IServerConnection source, ServiceMessage message)
    {
        var hub = source.Hub;
        var (ackId, exists) = message switch
        {
            CheckUserInGroupMessage m => (m.AckId, IsUserInGroup(hub, m.UserId, m.GroupName)),
            CheckGroupExistenceMessage m => (m.AckId, hub.Groups.TryGet(m.GroupName, out _)),
            CheckConnectionExistenceMessage m => (m.AckId, TryFind(source, m.ConnectionId, out _)),
            CheckUserExistenceMessage m => (m.AckId, hub.Users.TryGet(m.UserId, out _)),
            _ => throw new ArgumentException("Not a check.", nameof(message)),
        };
        Acknowledge(source, ackId, exists ? AckStatus.Ok : AckStatus.NotFound);
    }

    private void CloseConnections(IServerConnection source, ServiceMessage message)
    {
        var hub = source.Hub;
        switch (message)
        {
            case CloseConnectionWithAckMessage m:
                var found = TryFind(source, m.ConnectionId, out var one);
                if (found)
                {
                    _router.Disconnect(one, CloseReason.AppServerClosed, ForTheClient(m.Reason));
                }

                Acknowledge(source, m.AckId, found ? AckStatus.Ok : AckStatus.NotFound);
                break;
            case CloseConnectionsWithAckMessage m:
                CloseAll(hub.Clients.Snapshot(), m.Reason, m.ExcludedConnectionIds);
                Acknowledge(source, m.AckId, AckStatus.Ok);
                break;
            case CloseUserConnectionsWithAckMessage m:
                CloseAll(ConnectionsOf(hub.Users, m.UserId), m.Reason, m.ExcludedConnectionIds);
                Acknowledge(source, m.AckId, AckStatus.Ok);
                break;
            case CloseGroupConnectionsWithAckMessage m:
                CloseAll(ConnectionsOf(hub.Groups, m.GroupName), m.Reason, m.ExcludedConnectionIds);
                Acknowledge(source, m.AckId, AckStatus.Ok);
                break;
        }
    }

    private void CloseAll(ReadOnlySpan<ClientConnection> connections, string? reason, IReadOnlyList<string> excluded)
    {
        var exclusions = new Exclusions(excluded, []);
        foreach (var connection in connections)
        {
            if (!exclusions.Contains(connection))
            {
                _router.Disconnect(connection, CloseReason.AppServerClosed, ForTheClient(reason));
            }
        }
    }

    private bool IsUserInGroup(HubState hub, string user, string group)
    {
        if (hub.UserGroups.Contains(user, group, _time.GetUtcNow()))
        {
            return true;
        }

        if (hub.Groups.TryGet(group, out var members))
        {
            foreach (var connection in ConnectionsOf(hub.Users, user))
            {
                if (members.Contains(connection))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static ReadOnlySpan<ClientConnection> ConnectionsOf(MemberTable sets, string name) =>
        sets.TryGet(name, out var members) ? members.Snapshot() : [];
}
