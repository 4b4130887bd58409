using Microsoft.AspNet.SignalR.Transports;

namespace Tandem.Sdk.Owin;

/// <summary>A client connection as SignalR's heartbeat shows it.</summary>
internal sealed class TrackedConnection : ITrackingConnection
{
    private const string Reason = "The application has ended the connection.";

    private readonly ClassicConnection _client;

    public TrackedConnection(ClassicConnection client)
    {
        _client = client;
    }

    public string ConnectionId => _client.Id;

    public CancellationToken CancellationToken => CancellationToken.None;

    public Task ConnectTask => Task.CompletedTask;

    public bool IsAlive => !_client.Completion.IsCompleted;

    public bool IsTimedOut => false;

    public bool SupportsKeepAlive => false;

    public bool RequiresTimeout => false;

    public TimeSpan DisconnectThreshold => System.Threading.Timeout.InfiniteTimeSpan;

    public Uri? Url => _client.Url;

    public void ApplyState(TransportConnectionStates states)
    {
    }

    /// <summary>Ends the connection; the gateway tells the client.</summary>
    public Task Disconnect()
    {
        _client.CloseByApplication(Reason);
        return Task.CompletedTask;
    }

    public void End() => _client.CloseByApplication(Reason);

    public void Timeout()
    {
    }

    public Task KeepAlive() => Task.CompletedTask;

    public void IncrementConnectionsCount()
    {
    }

    public void DecrementConnectionsCount()
    {
    }

    public void Dispose()
    {
    }
}
