namespace Tandem.Routing.Hubs;

/// <summary>Drops the expired groups of users once a minute.</summary>
internal sealed class UserGroupExpiry(HubTable hubs, TimeProvider time) : IHeartbeatHandler
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long _last = time.GetTimestamp();

    void IHeartbeatHandler.OnHeartbeat()
    {
        if (time.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = time.GetTimestamp();
        foreach (var hub in hubs.All())
        {
            hub.UserGroups.RemoveExpired(time.GetUtcNow());
        }
    }
}
