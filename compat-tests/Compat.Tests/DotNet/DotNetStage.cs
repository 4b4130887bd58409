using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Tandem.Compat.Tests.DotNet;

/// <summary>Makes the clients of one scenario, and ends those that it leaves open.</summary>
internal sealed class DotNetStage(string appUrl, string transport, string protocol) : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = Deadlines.Step };

    private readonly List<DotNetClient> _clients = [];

    public string Transport => transport;

    public bool IsBinary => protocol == Combinations.MessagePack;

    /// <summary>A name that no other scenario uses.</summary>
    public static string Unique(string name) => $"{name} dotnet {Guid.NewGuid():N}";

    /// <summary>A client that is not started yet.</summary>
    /// <param name="hub">Path at the application; with the query.</param>
    /// <param name="url">Instead of the application's.</param>
    /// <param name="configure">Options of the connection.</param>
    /// <param name="build">Anything else: logging, reconnecting.</param>
    public DotNetClient Client(
        string hub = "compat", Uri? url = null, Action<HttpConnectionOptions>? configure = null, Action<IHubConnectionBuilder>? build = null)
    {
        var type = transport switch
        {
            Combinations.WebSockets => HttpTransportType.WebSockets,
            Combinations.ServerSentEvents => HttpTransportType.ServerSentEvents,
            Combinations.LongPolling => HttpTransportType.LongPolling,
            _ => throw new ArgumentOutOfRangeException(nameof(hub), transport, "Not a transport."),
        };
        var builder = new HubConnectionBuilder().WithUrl(url ?? new Uri($"{appUrl}/{hub}"), type, options => configure?.Invoke(options));
        if (IsBinary)
        {
            builder.AddMessagePackProtocol();
        }

        build?.Invoke(builder);
        var client = new DotNetClient(builder.Build());
        _clients.Add(client);
        return client;
    }

    public async Task<DotNetClient> ConnectAsync(
        string hub = "compat", Uri? url = null, Action<HttpConnectionOptions>? configure = null, Action<IHubConnectionBuilder>? build = null)
    {
        var client = Client(hub, url, configure, build);
        await client.StartAsync();
        return client;
    }

    /// <summary>A client that is signed in at the application.</summary>
    public async Task<DotNetClient> ConnectAsAsync(string user, string? role = null, string hub = "members")
    {
        var token = await Http.GetStringAsync(
            new Uri($"{appUrl}/token?user={Uri.EscapeDataString(user)}{(role is null ? "" : $"&role={role}")}"));
        return await ConnectAsync(hub, configure: options => options.AccessTokenProvider = () => Task.FromResult<string?>(token));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }
    }
}
