using MessagePack;

namespace Tandem.Chat;

/// <summary>Somebody who is connected right now, and the app server that answers them.</summary>
/// <remarks>MessagePack keeps names as they are in C#; the keys make them the names of JSON, so that pages read both alike.</remarks>
[MessagePackObject]
public sealed record Person(
    [property: Key("connectionId")] string ConnectionId,
    [property: Key("name")] string Name,
    [property: Key("groups")] IReadOnlyList<string> Groups,
    [property: Key("server")] string Server);
