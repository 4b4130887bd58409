using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tandem.Gateway;
using Tandem.Routing;

namespace Tandem.Testing;

/// <summary>A whole gateway in this process: the application of the command line, on real Kestrel, with a port of the system's choice.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _guests = [];

    private TestGateway(WebApplication app, FakeTimeProvider? time, LogSink log)
    {
        App = app;
        Time = time;
        Log = log;
        Url = new Uri(app.Urls.First());
        Tokens = new TestTokens(time ?? TimeProvider.System);
        Http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(20) };
    }

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    /// <summary>The gateway's clock; null when it runs on the real one.</summary>
    public FakeTimeProvider? Time { get; }

    public LogSink Log { get; }

    public Uri Url { get; }

    public TestTokens Tokens { get; }

    public HttpClient Http { get; }

    /// <summary>Starts a gateway on the real clock.</summary>
    /// <param name="settings">Settings as on the command line, without their dashes: <c>Tandem:Limits:MaxHubs=1</c>.</param>
    public static Task<TestGateway> StartAsync(params string[] settings) => StartAsync(null, null, settings);

    /// <summary>Starts a gateway whose clock the test moves.</summary>
    public static Task<TestGateway> StartWithFakeTimeAsync(params string[] settings) =>
        StartAsync(new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)), null, settings);

    /// <summary>Starts a gateway.</summary>
    /// <param name="time">Its clock; null for the real one.</param>
    /// <param name="configure">Changes the host before it is built.</param>
    /// <param name="settings">Settings as on the command line, without their dashes.</param>
    public static async Task<TestGateway> StartAsync(FakeTimeProvider? time, Action<WebApplicationBuilder>? configure, params string[] settings)
    {
        string[] flags = ["urls=http://127.0.0.1:0", $"Tandem:AccessKeys:0={TestTokens.Key}", "Logging:LogLevel:Default=Trace", "Logging:LogLevel:Microsoft=Trace", .. settings];
        var builder = GatewayHost.CreateBuilder([.. flags.Select(flag => "--" + flag)]);
        var log = new LogSink();
        builder.Logging.ClearProviders().AddProvider(log);
        if (time is not null)
        {
            builder.Services.AddSingleton<TimeProvider>(time);
        }

        configure?.Invoke(builder);
        var app = GatewayHost.Build(builder);
        await app.StartAsync();
        return new TestGateway(app, time, log);
    }

    /// <summary>Connects an app server without its handshake.</summary>
    public async Task<ScriptedAppServer> OpenServerAsync(
        string hub = "chat", string serverId = "server-1", string? connectionId = null, string? token = null, bool sendHeader = true)
    {
        var server = await ScriptedAppServer.OpenAsync(Url, token ?? Tokens.Server(hub, serverId), hub, sendHeader ? serverId : null, connectionId);
        _guests.Add(server);
        return server;
    }

    /// <summary>Connects an app server and shakes hands.</summary>
    public async Task<ScriptedAppServer> ConnectServerAsync(
        string hub = "chat",
        string serverId = "server-1",
        Protocols.Service.ServerConnectionKind kind = Protocols.Service.ServerConnectionKind.Default,
        Protocols.Service.MigrationLevel migration = Protocols.Service.MigrationLevel.Off,
        string? connectionId = null)
    {
        var server = await OpenServerAsync(hub, serverId, connectionId);
        await server.HandshakeAsync(kind, migration);
        return server;
    }

    /// <summary>Moves the clock on, second by second, with a heartbeat after each.</summary>
    public void Advance(TimeSpan by)
    {
        var time = Time ?? throw new InvalidOperationException("This gateway runs on the real clock.");
        for (var left = by; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            foreach (var handler in Services.GetServices<IHeartbeatHandler>())
            {
                handler.OnHeartbeat();
            }
        }
    }

    /// <summary>Stops the gateway, and fails when it logged a warning that the test did not expect.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var guest in _guests)
        {
            await guest.DisposeAsync();
        }

        Http.Dispose();
        if (!App.Lifetime.ApplicationStopped.IsCancellationRequested)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await App.StopAsync(patience.Token);
        }

        await App.DisposeAsync();
        if (Log.Surprises.FirstOrDefault() is { } surprise)
        {
            throw new InvalidOperationException("The gateway logged what the test did not expect: " + surprise);
        }
    }
}
