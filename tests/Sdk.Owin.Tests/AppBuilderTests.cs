using Microsoft.AspNet.SignalR;
using Owin;
using Tandem.OwinHost;
using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>A whole application on an OWIN host with a builder, over HTTP.</summary>
public sealed class AppBuilderTests
{
    [Fact]
    public async Task One_line_maps_the_hubs_and_the_host_ends_them()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var events = new HubEvents();
        var configuration = Configuration(events);
        var port = FreePort();
        ScriptedServerConnection server;
        using (OwinServer.Start($"http://127.0.0.1:{port}", app => app.MapTandemSignalR("/signalr", "shop", configuration, Options(gateway))))
        {
            server = await gateway.AcceptAsync(static connection => connection.Hub == "shop_shop");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            Assert.Contains("\"RedirectUrl\":\"" + gateway.Url + "/aspnetclient?", await http.GetStringAsync("/signalr/negotiate?clientProtocol=2.1"));
            Assert.Contains("proxies['chat']", await http.GetStringAsync("/signalr/hubs"));
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await http.GetAsync("/elsewhere")).StatusCode);

            await ScriptedClassicClient.OpenAsync(server, "c1", ["chat"]);
            await events.TakeAsync("connected c1");
        }

        // Disposing the host waits for the application.
        Assert.Equal(["disconnected c1 False"], events.All);
        Assert.True(await server.Ended.Task.Within());
    }

    [Fact]
    public async Task A_host_that_ends_waits_for_the_hubs_of_clients_that_did_not_leave_in_time()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var events = new HubEvents();
        var configuration = Configuration(events);
        using var disposing = new CancellationTokenSource();
        using var application = TandemApplication.Create(
            options =>
            {
                Options(gateway)(options);
                options.GracefulShutdown.Mode = GracefulShutdownMode.WaitForClientsClose;
                options.GracefulShutdown.Timeout = TimeSpan.FromMilliseconds(200);
            },
            configuration.Resolver,
            new Dictionary<string, object> { ["host.OnAppDisposing"] = disposing.Token });
        application.MapHubs("/signalr", configuration);
        var server = await gateway.AcceptAsync(static connection => connection.Hub == "app_app");
        await ScriptedClassicClient.OpenAsync(server, "c1", ["chat"]);
        await events.TakeAsync("connected c1");

        await disposing.CancelAsync().Within();

        Assert.Equal(["disconnected c1 False"], events.All);
    }

    [Fact]
    public async Task Hubs_can_run_in_a_branch_that_the_host_has_mapped()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var configuration = Configuration(new HubEvents());
        var port = FreePort();
        using (OwinServer.Start($"http://127.0.0.1:{port}", app => app.Map("/live", branch => branch.RunTandemSignalR("shop", configuration, Options(gateway)))))
        {
            await gateway.AcceptAsync(static connection => connection.Hub == "shop_shop");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

            Assert.EndsWith("asrs.op=%2Flive\",", (await http.GetStringAsync("/live/negotiate?clientProtocol=2.1")).Split("\"AccessToken")[0]);
            Assert.Contains("hubConnection(\"/live\"", await http.GetStringAsync("/live/hubs"));
        }
    }

    [Fact]
    public async Task Hubs_and_a_PersistentConnection_share_an_application()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var resolver = Configuration(new HubEvents()).Resolver;
        var properties = new Dictionary<string, object>();
        var builder = new AppBuilder(properties);

        builder.MapTandemSignalR("/signalr", "shop", new HubConfiguration { Resolver = resolver }, Options(gateway));
        builder.MapTandemSignalR<RawConnection>("/raw", new ConnectionConfiguration { Resolver = resolver });

        var server = await gateway.AcceptAsync(static connection => connection.Hub == "shop_shop");
        var application = (TandemApplication)resolver.GetService(typeof(TandemApplication));
        Assert.Single(gateway.Connections, connection => connection.Hub == "shop_shop");
        await Eventually.TrueAsync(() => application.Runtime.Application.Sets[0].ConnectedCount == 1, "connected");
        Assert.Throws<InvalidOperationException>(() => builder.MapTandemSignalR("/signalr", new HubConfiguration { Resolver = resolver }));
        Assert.Throws<InvalidOperationException>(() => builder.MapTandemSignalR("/x", "other", new HubConfiguration { Resolver = resolver }));
        await application.StopAsync().Within();
        Assert.True(await server.Ended.Task.Within());
    }

    [Fact]
    public async Task Hosts_are_told_at_which_stage_hubs_run()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var stages = new List<string>();
        var builder = new AppBuilder(new Dictionary<string, object>
        {
            ["integratedpipeline.StageMarker"] = new Action<IAppBuilder, string>((_, stage) => stages.Add(stage)),
        });

        var configuration = Configuration(new HubEvents());
        builder.MapTandemSignalR("/signalr", "shop", configuration, Options(gateway));

        Assert.Equal(["PostAuthorize"], stages);
        await ((TandemApplication)configuration.Resolver.GetService(typeof(TandemApplication))).StopAsync().Within();
    }

    private static HubConfiguration Configuration(HubEvents events)
    {
        var resolver = new DefaultDependencyResolver();
        resolver.Register(typeof(ChatHub), () => new ChatHub(events));
        return new HubConfiguration { Resolver = resolver };
    }

    private static Action<TandemOptions> Options(ScriptedGateway gateway) => options =>
    {
        options.ConnectionString = gateway.ConnectionString;
        options.InitialHubServerConnectionCount = 1;
    };

    internal static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
