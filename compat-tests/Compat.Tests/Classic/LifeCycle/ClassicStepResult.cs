namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>How one step went for the client that came one way on one transport.</summary>
internal sealed record ClassicStepResult(string Route, string Transport, bool Ok, string Error);
