using System.Text.Json;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>A room that a classic app server and one of ASP.NET Core serve, and whose settings change while the gateway runs.</summary>
public sealed class MixingStage : IAsyncLifetime
{
    public const string Application = "hall";

    private readonly string _settings = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "mixing")).FullName;
    private readonly List<RoomMember> _members = [];

    internal GatewayProcess Gateway { get; } = new();

    internal LegacyAppProcess Owin { get; private set; } = null!;

    internal AppServerProcess Core { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Write(new { });
        await Gateway.StartAsync("--contentRoot", _settings, "--Tandem:Limits:WaitForServer=00:00:02");
        Owin = new LegacyAppProcess(Application, onMono: false, Gateway.ConnectionString, isRoom: true);
        Core = AppServerProcess.OfScenarios(Gateway, "--application", Application);
        await Task.WhenAll(Owin.StartAsync(), Core.StartAsync());
        await Owin.UntilServedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }

        await (Owin?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Core?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Gateway.DisposeAsync();
    }

    /// <summary>Writes what <c>Tandem:Mixing</c> says, as an operator does while the gateway runs.</summary>
    public void Write(object mixing) => File.WriteAllText(
        Path.Combine(_settings, "appsettings.json"), JsonSerializer.Serialize(new { Tandem = new { Mixing = mixing } }));

    /// <summary>Says who gets new clients of the room, and waits until the gateway goes by it.</summary>
    /// <param name="coreWeight">The share of ASP.NET Core in percent; null: everybody stays with his own.</param>
    public async Task UseWeightAsync(int? coreWeight)
    {
        Write(coreWeight is null ? new { } : new { CoreWeight = coreWeight });
        await UntilServedByAsync(RoomClients.ClassicDotNet, coreWeight == 100 ? "core" : "classic");
        await UntilServedByAsync(RoomClients.DotNet, coreWeight == 0 ? "classic" : "core");
    }

    internal Task UntilServedByAsync(string client, string generation) => Polling.UntilAsync(
        $"new clients ({client}) served by {generation}",
        async () =>
        {
            await using var member = await ConnectAsync(client, Combinations.WebSockets, keep: false);
            return await GenerationOfAsync(member) == generation;
        });

    internal static async Task<string?> GenerationOfAsync(RoomMember member) => (await member.InvokeAsync("Generation")).GetString();

    /// <summary>A client that negotiates at no application but comes to the gateway itself; gone with the stage unless <paramref name="keep"/> says otherwise.</summary>
    internal async Task<RoomMember> ConnectAsync(string client, string transport, bool keep = true)
    {
        RoomMember member = RoomClients.IsClassic(client) ? new ClassicDotNetMember(transport, "") : new DotNetMember(transport, "");
        if (keep)
        {
            _members.Add(member);
        }

        await member.StartAsync(RoomAddress.AtGateway(Gateway, Application, client, null));
        return member;
    }

    internal async Task<ClassicDotNetMember> ConnectClassicAsync(string transport = Combinations.WebSockets) =>
        (ClassicDotNetMember)await ConnectAsync(RoomClients.ClassicDotNet, transport);

    internal async Task<DotNetMember> ConnectCoreAsync(string transport = Combinations.WebSockets) =>
        (DotNetMember)await ConnectAsync(RoomClients.DotNet, transport);
}
