using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin.Tests;

public sealed class OptionsTests
{
    private const string One = "Endpoint=http://one.example;AccessKey=0123456789abcdefghijklmnopqrstuvwxyz;Version=1.0;";
    private const string Two = "Endpoint=http://two.example;AccessKey=0123456789abcdefghijklmnopqrstuvwxyz;Version=1.0;";

    [Fact]
    public void The_connection_string_is_taken_from_code_first_and_then_looked_up_in_order()
    {
        var places = new Dictionary<string, string>();
        Assert.Empty(Find(new TandemOptions()));

        places["Azure:SignalR:ConnectionString"] = Two;
        Assert.Equal("two.example", Assert.Single(Find(new TandemOptions())));
        places["TANDEM_CONNECTION_STRING"] = One;
        Assert.Equal("one.example", Assert.Single(Find(new TandemOptions())));
        places["ConnectionStrings:Tandem"] = Two;
        Assert.Equal("two.example", Assert.Single(Find(new TandemOptions())));
        places["Tandem:ConnectionString"] = One;
        Assert.Equal("one.example", Assert.Single(Find(new TandemOptions())));
        Assert.Equal("two.example", Assert.Single(Find(new TandemOptions { ConnectionString = Two })));
        Assert.Equal(["one.example", "two.example"], Find(new TandemOptions { ConnectionString = One, Endpoints = [new TandemEndpoint(Two), new TandemEndpoint(One)] }));

        IEnumerable<string> Find(TandemOptions options) =>
            ConnectionStringLookup.Find(options, key => places.GetValueOrDefault(key)).Select(static endpoint => endpoint.ConnectionString.Endpoint.Host);
    }

    [Fact]
    public void Without_a_connection_string_the_error_says_how_to_set_one()
    {
        var error = Assert.Throws<InvalidOperationException>(static () => TandemApplication.Create(null, new DefaultDependencyResolver()));

        Assert.Contains("TANDEM_CONNECTION_STRING", error.Message);
        Assert.Contains("AddTandemClassicHubs or MapTandemSignalR", error.Message);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var error = Assert.Throws<InvalidOperationException>(static () => TandemApplication.Create(
            static options =>
            {
                options.ConnectionString = One;
                options.ApplicationName = "my app";
                options.InitialHubServerConnectionCount = 0;
                options.InitialApplicationServerConnectionCount = 1001;
                options.AccessTokenLifetime = TimeSpan.Zero;
                options.GracefulShutdown.Timeout = TimeSpan.Zero;
                options.MaxPollIntervalInSeconds = 301;
                options.MaxWaitingBytesPerClient = 1;
            },
            new DefaultDependencyResolver()));

        Assert.Equal(7, error.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public void An_application_must_not_be_called_like_a_hub()
    {
        var resolver = new DefaultDependencyResolver();
        using var application = TandemApplication.Create(
            static options =>
            {
                options.ConnectionString = One;
                options.ApplicationName = "Chat";
            },
            resolver);

        Assert.Contains("also the name of a hub", Assert.Throws<InvalidOperationException>(() => application.MapHubs()).Message);
    }

    [Fact]
    public void A_hub_must_not_have_a_dot_in_its_name()
    {
        var resolver = new DefaultDependencyResolver();
        resolver.Register(typeof(IHubDescriptorProvider), static () => new Hubs("chat.room"));
        using var application = TandemApplication.Create(static options => options.ConnectionString = One, resolver);

        Assert.Contains("'chat.room'", Assert.Throws<InvalidOperationException>(() => application.MapHubs()).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("signalr")]
    [InlineData("/signalr/")]
    public void A_path_must_be_one(string path)
    {
        using var application = TandemApplication.Create(static options => options.ConnectionString = One, new DefaultDependencyResolver());

        Assert.Throws<ArgumentException>(() => application.MapHubs(path));
    }

    [Fact]
    public async Task One_resolver_belongs_to_one_application()
    {
        await using var app = await TestApp.StartAsync();

        Assert.Throws<InvalidOperationException>(() => TandemApplication.Create(static options => options.ConnectionString = One, app.Resolver));
        Assert.Throws<InvalidOperationException>(() => app.Application.MapHubs("/other", new HubConfiguration { Resolver = new DefaultDependencyResolver() }));
    }

    private sealed class Hubs(string name) : IHubDescriptorProvider
    {
        public IList<HubDescriptor> GetHubs() => [new HubDescriptor { Name = name, HubType = typeof(ChatHub) }];

        public bool TryGetHub(string hubName, out HubDescriptor? descriptor)
        {
            descriptor = hubName == name ? GetHubs()[0] : null;
            return descriptor is not null;
        }
    }
}
