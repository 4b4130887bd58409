namespace Tandem.Blazor;

/// <summary>One line on the board.</summary>
public sealed record Note(string From, string Text);
