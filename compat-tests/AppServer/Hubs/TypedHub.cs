using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>A hub whose clients have an interface.</summary>
internal sealed class TypedHub(IHubContext<TypedHub, ITypedClient> context) : Hub<ITypedClient>
{
    public Task TellAll(string text, int number) => Clients.All.Told(text, number);

    public Task<int> AskHowMany(string connectionId) => context.Clients.Client(connectionId).HowMany();
}
