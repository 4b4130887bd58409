namespace Tandem.Compat.Tests.Classic.JavaScript;

/// <summary>What the driver says about one scenario of one page.</summary>
internal sealed record ClassicPageResult(string Scenario, string Run, bool Ok, string Error);
