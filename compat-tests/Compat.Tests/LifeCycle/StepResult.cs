namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>How one step went for the client on one transport.</summary>
internal sealed record StepResult(string Transport, bool Ok, string Error);
