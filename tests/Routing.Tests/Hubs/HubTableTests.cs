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

    [Theory]
    [InlineData("Chat.room", "app_chat", "room")]
    [InlineData("Chat.room.1", "app_chat", "room.1")]
    [InlineData("Chat.", "app_chat", "")]
    [InlineData("Other.room", "app_app", "Other.room")]
    [InlineData("News.room.1", "app_app", "News.room.1")]
    [InlineData("Chat", "app_app", "Chat")]
    public void The_first_dot_ends_the_hub_in_a_name_of_a_classic_application(string name, string hub, string rest)
    {
        var hubs = new HubTable(Options.Create(new RoutingOptions()));
        // Hubs of ASP.NET Core that are made by hand may have dots, and are not meant.
        Array.ForEach(["app_app", "app_chat", "app_chat.room", "app_news.room"], each => hubs.GetOrAdd(each));
        Assert.True(hubs.TryGet("app_app", out var application));

        Assert.Equal(hub != "app_app", hubs.TrySplit(application, name, out var found, out var left));

        Assert.Equal((hub, rest), (found.Key, left));
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
