namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>What the participants of a scenario need to know.</summary>
/// <param name="Group">The group that the numbered messages go to.</param>
/// <param name="Count">How many there are; known at the end.</param>
/// <param name="Token">What to connect with, at the gateway itself; null where none is needed.</param>
internal sealed record ClassicStepDetails(string Group, int Count = 0, string? Token = null);
