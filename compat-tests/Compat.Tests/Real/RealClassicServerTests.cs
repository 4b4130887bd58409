using Tandem.Compat.Tests.Mixed;

namespace Tandem.Compat.Tests.Real;

/// <summary>The life of a classic client at the real server.</summary>
public sealed class RealClassicServerTests(RealServerStage stage)
{
    [Theory, ClassData(typeof(TransportRows))]
    public async Task Reconnect_After_a_cut_Brings_what_was_sent_meanwhile(string transport)
    {
        var servers = await stage.StartedAsync();
        await using var proxy = new CuttableProxy(servers.Classic.Url);
        await using var cut = new ClassicDotNetMember(transport, "cut");
        await using var sender = new ClassicDotNetMember(Combinations.WebSockets, "sender");
        await cut.StartAsync(new RoomAddress(servers.UrlOf(isClassic: true, isRedirected: false, proxy.Url), cut.User));
        await sender.StartAsync(new RoomAddress(servers.UrlOf(isClassic: true, isRedirected: false), sender.User));
        await cut.InvokeAsync("Join", transport);

        // From now on the client's cursor knows of the group. Without it, what comes to the group while the client is away is lost.
        await sender.InvokeAsync("ToGroup", transport, "meanwhile", "0");
        await cut.Messages.CountAsync("meanwhile", 1);
        proxy.Cut();
        await sender.InvokeAsync("ToGroup", transport, "meanwhile", "1");
        await cut.Messages.CountAsync("reconnecting", 1);
        await sender.InvokeAsync("ToGroup", transport, "meanwhile", "2");
        proxy.Restore();
        await cut.Messages.CountAsync("back", 1);
        await sender.InvokeAsync("ToGroup", transport, "meanwhile", "3");

        Assert.Equal(["0", "1", "2", "3"], await cut.Messages.CountAsync("meanwhile", 4));
        Assert.Equal(cut.Id, (await cut.InvokeAsync("WhoAmI")).GetProperty("id").GetString());
    }

    [Theory, ClassData(typeof(TransportRows))]
    public async Task Stop_Is_told_to_the_hub(string transport)
    {
        var servers = await stage.StartedAsync();
        await using var member = new ClassicDotNetMember(transport, "stopping");
        await member.StartAsync(new RoomAddress(servers.UrlOf(isClassic: true, isRedirected: true), member.User));

        await member.StopAsync();

        await servers.Classic.UntilPrintedAsync($"disconnected {member.Id} stopCalled=True");
    }
}
