using Tandem.Routing.Connections;

namespace Tandem.Routing.Hubs;

/// <summary>Joining and leaving groups, so that a connection that ends at the same moment leaves nothing behind.</summary>
internal static class HubStateMembership
{
    /// <summary>Makes a connection a member. False when it has ended, or is in too many groups.</summary>
    public static bool TryJoin(this HubState hub, ClientConnection connection, string group, int maxGroups)
    {
        // Added first, recorded second: if the connection ends in between, recording says so and the join is undone. The other
        // way round its clean-up could run before the member is there.
        hub.Groups.Add(group, connection);
        if (connection.TryRecordGroup(hub, group, maxGroups))
        {
            return true;
        }

        hub.Groups.Remove(group, connection);
        return false;
    }

    /// <summary>Takes a connection out of a group, or out of all of the hub when <paramref name="group"/> is null.</summary>
    public static void Leave(this HubState hub, ClientConnection connection, string? group)
    {
        if (group is null)
        {
            foreach (var each in connection.GroupsOf(hub))
            {
                hub.Leave(connection, each);
            }

            return;
        }

        // The reverse of joining: were the record to go last, a join on another server connection could slip in between and leave a
        // member without a record, which no clean-up would ever find.
        connection.ForgetGroup(hub, group);
        hub.Groups.Remove(group, connection);
    }
}
