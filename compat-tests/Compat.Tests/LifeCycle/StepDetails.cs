namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>What a step needs to know.</summary>
/// <param name="Waiting">A hub whose application will come.</param>
/// <param name="Refused">A hub whose application will not.</param>
internal sealed record StepDetails(DirectAddress? Waiting = null, DirectAddress? Refused = null);
