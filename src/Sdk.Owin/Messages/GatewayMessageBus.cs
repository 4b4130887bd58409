using Microsoft.AspNet.SignalR.Messaging;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>
/// What hubs publish goes to the gateway instead of to subscribers in this process: broadcasts and messages to users on the server
/// connections of the hub, everything else on those of the application.
/// </summary>
internal sealed class GatewayMessageBus : IMessageBus
{
    private readonly ClassicRuntime _runtime;

    public GatewayMessageBus(ClassicRuntime runtime)
    {
        _runtime = runtime;
    }

    /// <summary>Sends a message. Commands that change groups complete when the gateway has acknowledged them.</summary>
    /// <exception cref="TandemNotConnectedException">There is no server connection: nothing was sent.</exception>
    /// <exception cref="TimeoutException">The gateway did not acknowledge a change of groups in time.</exception>
    public Task Publish(Message message)
    {
        if (message.IsAck)
        {
            return Task.CompletedTask;
        }

        var key = BusKey.Parse(message.Key);
        if (message.IsCommand)
        {
            return ExecuteAsync(key, message);
        }

        switch (key.Kind)
        {
            case BusKeyKind.Hub:
                return _runtime.GetHub(key.HubName).WriteAsync(new BroadcastDataMessage(BusKey.ParseFilter(message.Filter), ClassicPayload.ForAll(message)));
            case BusKeyKind.User:
                return _runtime.GetHub(key.HubName).WriteAsync(new UserDataMessage(key.Target, ClassicPayload.ForAll(message)));
            case BusKeyKind.Group:
                return _runtime.Application.WriteAsync(
                    new GroupBroadcastDataMessage(key.Target, BusKey.ParseFilter(message.Filter), ClassicPayload.ForAll(message), []));
            case BusKeyKind.Connection:
                return BusKey.ParseFilter(message.Filter).Contains(key.Target, StringComparer.OrdinalIgnoreCase)
                    ? Task.CompletedTask
                    : SendAsync(key, message);
            default:
                return Task.CompletedTask;
        }
    }

    /// <summary>Nobody in this process gets messages from the bus.</summary>
    public IDisposable Subscribe(
        ISubscriber subscriber, string cursor, Func<MessageResult, object, Task<bool>> callback, int maxMessages, object state) =>
        NoSubscription.Instance;

    private Task SendAsync(BusKey key, Message message)
    {
        var client = _runtime.FindClient(key.Target);
        if (client is null)
        {
            return _runtime.Application.WriteAsync(new ConnectionDataMessage(key.Target, ClassicPayload.Envelope(message.Value)));
        }

        // Clients break on messages of hubs they did not ask for.
        return key.HubName.Length == 0 || client.IsIn(key.HubName)
            ? client.SendAsync(ClassicPayload.Envelope(message.Value))
            : Task.CompletedTask;
    }

    private Task ExecuteAsync(BusKey key, Message message)
    {
        Command? command;
        using (var text = new StringReader(message.GetString()))
        {
            command = (Command?)_runtime.Serializer.Deserialize(text, typeof(Command));
        }

        return command?.CommandType switch
        {
            CommandType.AddToGroup => _runtime.Application.AskAsync(
                id => new JoinGroupMessage(key.Target, command.Value, id), CancellationToken.None),
            CommandType.RemoveFromGroup => _runtime.Application.AskAsync(
                id => new LeaveGroupMessage(key.Target, command.Value, id), CancellationToken.None),
            _ => Task.CompletedTask,
        };
    }

    private sealed class NoSubscription : IDisposable
    {
        public static readonly NoSubscription Instance = new();

        public void Dispose()
        {
        }
    }
}
