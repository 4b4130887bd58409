using Microsoft.AspNet.SignalR.Infrastructure;

namespace Tandem.Sdk.Owin;

/// <summary>Acknowledgements of group changes are awaited where they are sent, in the message bus; nothing is left to wait for here.</summary>
internal sealed class GatewayAcks : IAckHandler
{
    public Task CreateAck(string id) => Task.CompletedTask;

    public bool TriggerAck(string id) => true;
}
