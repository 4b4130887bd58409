using MessagePack;

namespace Tandem.Chat;

/// <summary>One line of the chat; <paramref name="Group"/> is null when it went to everyone.</summary>
[MessagePackObject]
public sealed record ChatMessage(
    [property: Key("from")] Person From,
    [property: Key("group")] string? Group,
    [property: Key("text")] string Text);
