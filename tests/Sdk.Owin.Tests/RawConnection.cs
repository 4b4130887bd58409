using Microsoft.AspNet.SignalR;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>An endpoint without hubs.</summary>
public class RawConnection : PersistentConnection
{
    private readonly HubEvents _events;

    public RawConnection(HubEvents events)
    {
        _events = events;
    }

    protected override Task OnConnected(IRequest request, string connectionId)
    {
        _events.Add("raw connected " + connectionId);
        return Connection.Send(connectionId, new { kind = "connected" });
    }

    protected override Task OnReconnected(IRequest request, string connectionId)
    {
        _events.Add("raw reconnected " + connectionId);
        return base.OnReconnected(request, connectionId);
    }

    protected override Task OnDisconnected(IRequest request, string connectionId, bool stopCalled)
    {
        _events.Add($"raw disconnected {connectionId} {stopCalled}");
        return base.OnDisconnected(request, connectionId, stopCalled);
    }

    protected override Task OnReceived(IRequest request, string connectionId, string data) => data.Split(' ', 3) switch
    {
        ["join", var group] => Groups.Add(connectionId, group),
        ["group", var group, var text] => Groups.Send(group, text),
        ["all", ..] => Connection.Broadcast(data[4..]),
        _ => Connection.Send(connectionId, data),
    };
}
