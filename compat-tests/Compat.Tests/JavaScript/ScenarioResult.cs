namespace Tandem.Compat.Tests.JavaScript;

/// <summary>What a driver says about one scenario.</summary>
internal sealed record ScenarioResult(string Scenario, bool Ok, string Error);
