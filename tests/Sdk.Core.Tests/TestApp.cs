using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tandem.Sdk.Connections;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

/// <summary>An application with a chat hub on a real Kestrel, connected to a scripted gateway.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApp(WebApplication app, ScriptedGateway gateway)
    {
        _app = app;
        Gateway = gateway;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public ScriptedGateway Gateway { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public HubEvents Events => Services.GetRequiredService<HubEvents>();

    public IHubContext<ChatHub> Hub => Services.GetRequiredService<IHubContext<ChatHub>>();

    public static async Task<TestApp> StartAsync(
        Action<TandemOptions>? options = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? map = null,
        Action<ISignalRServerBuilder>? signalR = null,
        ScriptedGateway? gateway = null)
    {
        gateway ??= await ScriptedGateway.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<HubEvents>();
        builder.Services.AddRouting();
        var hubs = builder.Services.AddSignalR(hub => hub.MaximumParallelInvocationsPerClient = 4);
        signalR?.Invoke(hubs);
        hubs.AddTandem(tandem =>
        {
            tandem.ConnectionString = gateway.ConnectionString;
            tandem.InitialHubServerConnectionCount = 1;
            options?.Invoke(tandem);
        });
        build?.Invoke(builder);
        var app = builder.Build();
        if (map is null)
        {
            app.MapHub<ChatHub>("/chat");
        }
        else
        {
            map(app);
        }

        await app.StartAsync();
        return new TestApp(app, gateway);
    }

    public async Task<HttpResponseMessage> NegotiateAsync(string path = "/chat", string query = "?negotiateVersion=1", Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path + "/negotiate" + query);
        with?.Invoke(request);
        return await Client.SendAsync(request);
    }

    /// <summary>Waits until the app server's side of the server connections is up, too.</summary>
    public Task ConnectedAsync() => WhenAsync(static set => set.ConnectedCount == set.ConfiguredCount, "all server connections");

    public Task DisconnectedAsync() => WhenAsync(static set => set.ConnectedCount == 0, "no server connection");

    /// <summary>Opens client <c>c1</c> on the app's only server connection.</summary>
    public async Task<ScriptedClient> ConnectClientAsync() => await ScriptedClient.ConnectAsync(await Gateway.AcceptAsync(), "c1");

    private Task WhenAsync(Func<ServerConnectionSet, bool> condition, string what) =>
        Eventually.TrueAsync(() => Services.GetRequiredService<HubRegistry>().Started.SelectMany(static hub => hub.Connections.Sets).All(condition), what);

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Events.Gate.TrySetResult();
        Client.Dispose();
        await _app.DisposeAsync();
        await Gateway.DisposeAsync();
    }
}
