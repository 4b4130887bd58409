namespace Tandem.Compat.Processes;

/// <summary>Where a client finds its hub at the gateway without asking the application, which may not be there yet.</summary>
internal sealed record DirectAddress(string Url, string Token);
