using Microsoft.Extensions.Options;
using Tandem.Routing.Mixing;
using Tandem.Routing.Servers;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Servers;

/// <summary>Which app servers a client goes to where there are some of both families.</summary>
public sealed class ServerFinderTests : IDisposable
{
    private readonly TestNode _node = new();
    private readonly ServerFinder _finder;

    public ServerFinderTests()
    {
        _finder = new ServerFinder(_node.Hubs, Options.Create(_node.Options), _node.Mixing, _node.Time);
        _node.AddClassicServer("app_app");
        _node.AddClassicServer("app_chat");
        _node.AddServer(hub: "app_chat");
    }

    [Theory]
    [InlineData(null, 0, 100)]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(30, 30, 30)]
    [InlineData(100, 100, 100)]
    public async Task The_weight_says_how_many_of_a_hundred_go_to_core(int? weight, int classicClients, int coreClients)
    {
        _node.Mixing.CurrentValue = new MixingOptions { CoreWeight = weight };

        Assert.Equal(classicClients, await CountAsync(ProtocolFamily.Classic));
        Assert.Equal(coreClients, await CountAsync(ProtocolFamily.Core));
    }

    [Fact]
    public async Task A_hubs_own_weight_beats_that_of_all()
    {
        _node.Mixing.CurrentValue = new MixingOptions { CoreWeight = 10, Hubs = { ["App_Chat"] = new HubMixingOptions { CoreWeight = 80 } } };

        Assert.Equal(80, await CountAsync(ProtocolFamily.Core));
    }

    [Fact]
    public async Task A_hub_may_be_left_out_of_mixing()
    {
        _node.Mixing.CurrentValue = new MixingOptions { CoreWeight = 100, Hubs = { ["app_chat"] = new HubMixingOptions { Enabled = false } } };

        Assert.Equal(0, await CountAsync(ProtocolFamily.Classic));
        Assert.Equal(100, await CountAsync(ProtocolFamily.Core));
    }

    [Fact]
    public async Task A_client_that_cannot_be_translated_stays_with_its_family()
    {
        _node.Mixing.CurrentValue = new MixingOptions { CoreWeight = 0 };

        Assert.Equal(100, await CountAsync(ProtocolFamily.Core, canBeTranslated: false));
    }

    public void Dispose() => _node.Dispose();

    /// <summary>How many of a hundred clients go to ASP.NET Core.</summary>
    private async Task<int> CountAsync(ProtocolFamily family, bool canBeTranslated = true)
    {
        var count = 0;
        for (var draw = 0; draw < 100; draw++)
        {
            var request = family == ProtocolFamily.Core
                ? new ServingRequest(_node.Hub("app_chat"), [], family, canBeTranslated, null, false, _node.Time.GetTimestamp(), draw)
                : new ServingRequest(_node.Hub("app_app"), [_node.Hub("app_chat")], family, canBeTranslated, null, false, _node.Time.GetTimestamp(), draw);
            var plan = await _finder.FindAsync(request, CancellationToken.None);
            Assert.NotNull(plan);
            count += plan.Main is { Family: ProtocolFamily.Core } || plan.Hubs.Count > 0 ? 1 : 0;
        }

        return count;
    }
}
