using Microsoft.AspNet.SignalR.Transports;

namespace Tandem.Sdk.Owin;

/// <summary>
/// Keeping clients alive is the gateway's business. This is for applications that ask SignalR for the connections of the process, to
/// count them or to end one.
/// </summary>
internal sealed class GatewayHeartbeat : ITransportHeartbeat
{
    private readonly ClassicRuntime _runtime;

    public GatewayHeartbeat(ClassicRuntime runtime)
    {
        _runtime = runtime;
    }

    public ITrackingConnection? AddOrUpdateConnection(ITrackingConnection connection) => null;

    public void MarkConnection(ITrackingConnection connection)
    {
    }

    public void RemoveConnection(ITrackingConnection connection)
    {
    }

    public IList<ITrackingConnection> GetConnections() => _runtime.Clients.Select(static client => (ITrackingConnection)new TrackedConnection(client)).ToList();
}
