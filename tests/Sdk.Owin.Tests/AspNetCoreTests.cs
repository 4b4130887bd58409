using System.Security.Claims;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>Classic hubs in an ASP.NET Core application.</summary>
public sealed class AspNetCoreTests
{
    [Fact]
    public async Task Hubs_are_served_and_made_with_the_applications_services()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        await using var app = await StartAsync(gateway);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var server = await gateway.AcceptAsync(static connection => connection.Hub == "shop_shop");

        Assert.Contains("\"RedirectUrl\":\"" + gateway.Url + "/aspnetclient?", await http.GetStringAsync("/signalr/negotiate?clientProtocol=2.1&user=ann"));
        Assert.Contains("hubConnection(\"/signalr\"", await http.GetStringAsync("/signalr/hubs"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync("/signalr/connect")).StatusCode);
        var locked = "/signalr/negotiate?connectionData=[{\"name\":\"lockedhub\"}]";
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await http.GetAsync(locked)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await http.GetAsync(locked + "&user=ann")).StatusCode);

        var client = await ScriptedClassicClient.OpenAsync(server, "c1", ["chat", "ScopedHub"]);
        await app.Services.GetRequiredService<HubEvents>().TakeAsync("connected c1");
        Assert.Equal("hi", (await client.InvokeAsync("chat", "Echo", "hi")).GetProperty("R").GetString());
        var first = (await client.InvokeAsync("ScopedHub", "Scope")).GetProperty("R").GetString();
        var second = (await client.InvokeAsync("ScopedHub", "Scope")).GetProperty("R").GetString();
        Assert.NotEqual(first, second);
        await Eventually.TrueAsync(() => ScopedThing.Disposed >= 2, "scopes end with their calls");
    }

    [Fact]
    public async Task Hub_contexts_are_services()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        await using var app = await StartAsync(gateway);
        await gateway.AcceptAsync(static connection => connection.Hub == "shop_chat");
        await Eventually.TrueAsync(
            () => app.Services.GetRequiredService<TandemApplication>().Runtime.GetHub("chat").Sets[0].ConnectedCount == 1, "connected");

        await ((Task)app.Services.GetRequiredService<IConnectionManager>().GetHubContext<ChatHub>().Clients.All.message("x")).Within();

        await gateway.TakeAsync<BroadcastDataMessage>();
    }

    [Fact]
    public async Task Stopping_the_application_ends_its_clients()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        await using var app = await StartAsync(gateway);
        var server = await gateway.AcceptAsync(static connection => connection.Hub == "shop_shop");
        var events = app.Services.GetRequiredService<HubEvents>();
        await ScriptedClassicClient.OpenAsync(server, "c1", ["chat"]);
        await events.TakeAsync("connected c1");

        await app.StopAsync().Within();

        await events.TakeAsync("disconnected c1 False");
        Assert.True(await server.Ended.Task.Within());
    }

    [Fact]
    public void Mapping_without_services_says_what_is_missing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddTandemClassicHubs", Assert.Throws<InvalidOperationException>(() => app.MapTandemClassicHubs()).Message);
    }

    internal static async Task<WebApplication> StartAsync(ScriptedGateway gateway)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Tandem:ConnectionString"] = gateway.ConnectionString, ["Tandem:ApplicationName"] = "shop", ["Tandem:InitialHubServerConnectionCount"] = "1",
        });
        builder.Services.AddSingleton<HubEvents>();
        builder.Services.AddScoped<ScopedThing>();
        builder.Services.AddTandemClassicHubs(resolver: new DefaultDependencyResolver());
        var app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Query["user"] is [{ } user])
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, user)], "test"));
            }

            return next(context);
        });
        app.MapTandemClassicHubs("/signalr");
        app.MapGet("/secondhub", static () => "the application's own");
        app.MapTandemClassicConnection<RawConnection>("/raw");
        await app.StartAsync();
        return app;
    }
}

/// <summary>Lives as long as one call.</summary>
public sealed class ScopedThing : IAsyncDisposable
{
    private static int Count;

    public static int Disposed => Volatile.Read(ref Count);

    public string Id { get; } = Guid.NewGuid().ToString();

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref Count);
        return default;
    }
}

/// <summary>A hub that wants a service of its call.</summary>
public class ScopedHub : Hub
{
    private readonly ScopedThing _thing;

    public ScopedHub(ScopedThing thing)
    {
        _thing = thing;
    }

    public string Scope() => _thing.Id;
}
