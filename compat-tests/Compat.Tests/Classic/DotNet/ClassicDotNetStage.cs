namespace Tandem.Compat.Tests.Classic.DotNet;

/// <summary>Makes the clients of one scenario, and ends those that it leaves open.</summary>
/// <param name="app">The application.</param>
/// <param name="application">Its name at the gateway.</param>
/// <param name="gateway">The gateway.</param>
/// <param name="route">How the clients come to it; see <see cref="ClassicRoutes"/>.</param>
/// <param name="transport">Their transport.</param>
internal sealed class ClassicDotNetStage(LegacyAppProcess app, string application, GatewayProcess gateway, string route, string transport)
    : IAsyncDisposable
{
    private readonly List<ClassicClient> _clients = [];
    private readonly List<ClassicRawClient> _rawClients = [];

    public LegacyAppProcess App => app;

    public string Transport => transport;

    public bool IsDirect => route == ClassicRoutes.Direct;

    /// <summary>Where clients must end up.</summary>
    public string UrlAtGateway => gateway.Url + (IsDirect ? ClassicStage.DirectPath(application) : "/aspnetclient");

    /// <summary>Where clients of the PersistentConnection must end up.</summary>
    public string RawUrlAtGateway => gateway.Url + (IsDirect ? ClassicStage.RawPath(application) : "/aspnetclient");

    /// <summary>A name that no other scenario uses.</summary>
    public static string Unique(string name) => $"{name} dotnet {Guid.NewGuid():N}";

    /// <summary>A client that is not started yet.</summary>
    /// <param name="user">Who it is; nobody if it is null.</param>
    /// <param name="query">More of its query.</param>
    /// <param name="anyTransport">Whether the client chooses.</param>
    public ClassicClient Client(string? user = null, Dictionary<string, string>? query = null, bool anyTransport = false)
    {
        query = new Dictionary<string, string>(query ?? []);
        if (user is not null)
        {
            // The application believes whoever names himself; the gateway wants a token for that.
            var (name, value) = IsDirect ? ("access_token", gateway.ClassicToken(application, user)) : ("user", user);
            query[name] = value;
        }

        var url = IsDirect ? gateway.Url + ClassicStage.DirectPath(application) : $"{app.Url}/signalr";
        var client = new ClassicClient(url, query, anyTransport ? null : transport);
        _clients.Add(client);
        return client;
    }

    public async Task<ClassicClient> ConnectAsync(string? user = null, Dictionary<string, string>? query = null, bool anyTransport = false)
    {
        var client = Client(user, query, anyTransport);
        await client.StartAsync();
        return client;
    }

    public async Task<ClassicClient[]> ConnectAsync(int count)
    {
        var clients = new ClassicClient[count];
        for (var i = 0; i < count; i++)
        {
            clients[i] = await ConnectAsync();
        }

        return clients;
    }

    /// <summary>A client of the PersistentConnection.</summary>
    public async Task<ClassicRawClient> ConnectRawAsync()
    {
        var client = new ClassicRawClient((IsDirect ? gateway.Url : app.Url) + ClassicStage.RawPath(application), transport);
        _rawClients.Add(client);
        await client.StartAsync();
        return client;
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll([.. _clients.Select(client => client.StopAsync()), .. _rawClients.Select(client => client.StopAsync())]);
}
