namespace Tandem.Compat.Processes;

/// <summary>
/// SignalR of both generations on its own, as it is without a gateway. What a client cannot do there either is not the gateway's doing.
/// </summary>
internal sealed class RealServers : IAsyncDisposable
{
    /// <summary>ASP.NET SignalR 2.4.1 on .NET.</summary>
    public LegacyAppProcess Classic { get; } = new("real", onMono: false, connectionString: null);

    /// <summary>ASP.NET Core's SignalR.</summary>
    public AppServerProcess Core { get; } = AppServerProcess.OfScenarios(gateway: null, "--redirect", "true");

    /// <summary>Completes when both serve.</summary>
    public Task StartAsync() => Task.WhenAll(Classic.StartAsync(), Core.StartAsync());

    /// <summary>Where clients find the room.</summary>
    /// <param name="isClassic">Of which generation they are.</param>
    /// <param name="isRedirected">Whether negotiate sends them on, as it does where there is a gateway.</param>
    /// <param name="origin">Of a proxy in front of the server, if there is one: clients are sent on to where they came to.</param>
    public string UrlOf(bool isClassic, bool isRedirected, string? origin = null) =>
        $"{origin ?? (isClassic ? Classic.Url : Core.Url)}{(isRedirected ? "/redirect" : "")}{(isClassic ? "/signalr" : "/room")}";

    public async ValueTask DisposeAsync()
    {
        await Classic.DisposeAsync();
        await Core.DisposeAsync();
    }
}
