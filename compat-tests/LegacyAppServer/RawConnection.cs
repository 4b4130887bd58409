using Microsoft.AspNet.SignalR;

namespace Tandem.LegacyAppServer;

/// <summary>An endpoint without hubs: <c>join G</c>, <c>leave G</c>, <c>group G TEXT</c>, <c>all TEXT</c>; anything else comes back.</summary>
public class RawConnection : PersistentConnection
{
    protected override Task OnConnected(IRequest request, string connectionId) => Connection.Send(connectionId, new { kind = "connected", id = connectionId });

    protected override Task OnReconnected(IRequest request, string connectionId) => Connection.Send(connectionId, new { kind = "reconnected", id = connectionId });

    protected override Task OnDisconnected(IRequest request, string connectionId, bool stopCalled)
    {
        Output.WriteLine($"raw-disconnected {connectionId} stopCalled={stopCalled}");
        return base.OnDisconnected(request, connectionId, stopCalled);
    }

    protected override Task OnReceived(IRequest request, string connectionId, string data)
    {
        var words = data.Split([' '], 3);
        return words[0] switch
        {
            "join" when words.Length == 2 => Groups.Add(connectionId, words[1]),
            "leave" when words.Length == 2 => Groups.Remove(connectionId, words[1]),
            "group" when words.Length == 3 => Groups.Send(words[1], words[2]),
            "all" => Connection.Broadcast(data.Substring(4)),
            _ => Connection.Send(connectionId, data),
        };
    }
}
