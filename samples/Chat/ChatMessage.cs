namespace Tandem.Chat;

/// <summary>One line of the chat; <paramref name="Group"/> is null when it went to everyone.</summary>
public sealed record ChatMessage(Person From, string? Group, string Text);
