namespace Tandem.Chat;

/// <summary>Somebody who is connected right now.</summary>
public sealed record Person(string ConnectionId, string Name, IReadOnlyList<string> Groups);
