using Microsoft.Extensions.Options;
using Tandem.Routing.Hubs;

namespace Tandem.Routing.Tests.Hubs;

public class HubTableTests
{
    [Fact]
    public void Hub_names_are_compared_without_case()
    {
        var hubs = new HubTable(Options.Create(new RoutingOptions()));

        var hub = hubs.GetOrAdd("App_Chat");

        Assert.Same(hub, hubs.GetOrAdd("app_chat"));
        Assert.Equal("app_chat", hub!.Key);
        Assert.Single(hubs.All());
    }

    [Fact]
    public void There_are_no_more_hubs_than_allowed()
    {
        var hubs = new HubTable(Options.Create(new RoutingOptions { MaxHubs = 2 }));

        Assert.NotNull(hubs.GetOrAdd("a"));
        Assert.NotNull(hubs.GetOrAdd("b"));
        Assert.Null(hubs.GetOrAdd("c"));
        Assert.NotNull(hubs.GetOrAdd("a"));
    }
}
