using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>Sends the numbered messages while something happens to the clients under test: by clients that are spared.</summary>
/// <param name="stage">Where they are.</param>
/// <param name="drivers">Hold the senders too.</param>
/// <param name="clients">The catalogue: the newest .NET clients of each generation send.</param>
internal sealed class Sender(Stage stage, Drivers drivers, IReadOnlyList<Client> clients)
{
    /// <summary>Sends so many messages to the group of a happening at each of the servers, and counts them.</summary>
    public async Task SendAsync(Happening happening, int count, IEnumerable<Server> servers)
    {
        await Task.WhenAll(servers.Select(server => SendAsync(happening, count, server)));
        happening.Numbers += count;
    }

    private async Task SendAsync(Happening happening, int count, Server server)
    {
        var client = clients.First(client => client.Newest && client.Family.Generation == server.Generation && client.Driver.StartsWith("dotnet ", StringComparison.Ordinal));
        var member = await drivers.AddAsync(new Run(client, "webSockets", server, Ways.Direct), $"sender-{Guid.NewGuid():N}");
        await member.MakeAsync(stage.AddressOf(server, server.Generation, Ways.Direct, member.User, isSpared: true), reconnect: false, Deadlines.Step);
        await member.StartAsync(Deadlines.Step);
        for (var number = happening.Numbers; number < happening.Numbers + count; number++)
        {
            await member.CallAsync("invoke", "ToGroup", [happening.Group, $"number in {happening.Group}", $"{number}"], Deadlines.Step);
        }

        await drivers.ForgetAsync(member, hasFailed: false);
    }
}
