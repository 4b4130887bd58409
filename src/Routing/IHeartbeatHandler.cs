namespace Tandem.Routing;

/// <summary>Gets the node's one-second tick. There is one heartbeat for all, and no timer per connection.</summary>
public interface IHeartbeatHandler
{
    /// <summary>Does what is due. Must not block and must not throw.</summary>
    void OnHeartbeat();
}
