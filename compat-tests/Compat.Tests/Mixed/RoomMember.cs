using System.Text.Json;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>A client in a room: whatever its library, it is told what to do and what it was told can be looked at.</summary>
/// <param name="client">Its library; see <see cref="RoomClients"/>.</param>
/// <param name="transport">Its transport.</param>
/// <param name="user">Who uses it.</param>
internal abstract class RoomMember(string client, string transport, string user) : IAsyncDisposable
{
    public string Client { get; } = client;

    public string Transport { get; } = transport;

    /// <summary>Of no other member of the room.</summary>
    public string Name => $"{Client} on {Transport}";

    public string User { get; } = user;

    public string Id { get; protected set; } = "";

    public bool IsClassic => RoomClients.IsClassic(Client);

    /// <summary>The messages it has been told.</summary>
    public SeenMessages Messages { get; } = new();

    public abstract Task StartAsync(RoomAddress address);

    /// <summary>Calls a method of the hub.</summary>
    /// <exception cref="RoomCallException">The call failed, with this message.</exception>
    public abstract Task<JsonElement> InvokeAsync(string method, params object?[] values);

    /// <summary>Calls a method of the hub that reports progress. All of that, and the result at the end.</summary>
    /// <exception cref="RoomCallException">The call failed, with this message.</exception>
    public abstract Task<JsonElement[]> InvokeWithProgressAsync(string method, params object?[] values);

    public abstract Task StopAsync();

    public abstract ValueTask DisposeAsync();
}
