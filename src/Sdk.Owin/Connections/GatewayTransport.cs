using Microsoft.AspNet.SignalR.Transports;

namespace Tandem.Sdk.Owin;

/// <summary>Takes the dispatcher's callbacks for one client, and its answers to that client.</summary>
internal sealed class GatewayTransport : ITransport
{
    private readonly Func<object, Task> _send;

    public GatewayTransport(string connectionId, Func<object, Task> send)
    {
        ConnectionId = connectionId;
        _send = send;
    }

    public Func<string, Task>? Received { get; set; }

    public Func<Task>? Connected { get; set; }

    public Func<Task>? Reconnected { get; set; }

    public Func<bool, Task>? Disconnected { get; set; }

    public string ConnectionId { get; set; }

    // The gateway keeps the groups; there is no token of them.
    public Task<string?> GetGroupsToken() => Task.FromResult<string?>(null);

    /// <summary>The dispatcher is done once it has set its callbacks: messages come later, one by one.</summary>
    public Task ProcessRequest(ITransportConnection connection) => Task.CompletedTask;

    public Task Send(object value) => _send(value);
}
