using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>A classic client that has started through the gateway, and the app server's side of it.</summary>
internal sealed class ClassicSession(RawClassicClient client, RawClassicReceiver stream, ClassicAppServer server, OpenConnectionMessage opened) : IAsyncDisposable
{
    public RawClassicClient Client => client;

    public RawClassicReceiver Stream { get; set; } = stream;

    public ClassicAppServer Server { get; set; } = server;

    public OpenConnectionMessage Opened => opened;

    public string Id => client.ConnectionId;

    public static async Task<ClassicSession> StartAsync(TestGateway gateway, ClassicAppServer server, string transport = "webSockets", string? user = null)
    {
        var client = new RawClassicClient(gateway.Url, gateway.Tokens.ClassicClient(server.Name, user));
        var stream = await client.BeginAsync(transport);
        return new ClassicSession(client, stream, server, await server.TakeOpenAsync(client.ConnectionId));
    }

    /// <summary>Calls a method of the hub, which the app server answers with its argument, and returns the result as it came.</summary>
    public async Task<string> EchoAsync(string argument, int id = 0)
    {
        var call = $$"""{"H":"chat","M":"echo","A":["{{argument}}"],"I":{{id}}}""";
        Task<HttpResponseMessage>? post = null;
        if (client.Transport == "webSockets")
        {
            await Stream.SendAsync(call);
        }
        else
        {
            post = client.SendAsync(call);
        }

        Assert.Equal(call, await Server.EchoAsync(Id));
        if (post is null)
        {
            return await Stream.TakeResultAsync();
        }

        using var response = await post.Within();
        Assert.Equal("application/json; charset=UTF-8", response.Content.Headers.ContentType?.ToString());
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Goes back and forth once.</summary>
    public async Task AssertAliveAsync(string mark = "alive")
    {
        Assert.Equal($$"""{"R":"{{mark}}","I":"7"}""", await EchoAsync(mark, 7));
        await Server.InvokeAsync(Id, "say", mark);
        Assert.Equal(ClassicAppServer.Invocation("say", mark), await Stream.TakeItemAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        await client.DisposeAsync();
    }
}
