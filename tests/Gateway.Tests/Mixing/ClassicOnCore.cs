using Tandem.Protocols.Service;

namespace Tandem.Gateway.Tests.Mixing;

/// <summary>A classic client and the app server of ASP.NET Core that serves it, which has answered the handshake. See <see cref="MixedRoom"/>.</summary>
internal sealed record ClassicOnCore(ScriptedAppServer Server, RawClassicClient Client, RawClassicReceiver Stream)
{
    public string Id => Client.ConnectionId;

    /// <summary>What the app server got of the client next.</summary>
    public Task<string> TakeAsync() => MixedRoom.TakeDataAsync(Server, Id);

    /// <summary>The app server sends something to this client alone.</summary>
    public Task SendAsync(string json) => Server.SendAsync(new ConnectionDataMessage(Id, MixedRoom.Record(json)));

    /// <summary>The client calls, in the way of its transport. Completes with the answer, whichever way that comes.</summary>
    public async Task<string> CallAsync(string json)
    {
        if (Client.Transport == "webSockets")
        {
            await Stream.SendAsync(json);
            return await Stream.TakeResultAsync();
        }

        using var response = await Client.SendAsync(json).Within();
        return await response.Content.ReadAsStringAsync();
    }
}
