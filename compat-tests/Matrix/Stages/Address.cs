namespace Tandem.Compat.Matrix.Stages;

/// <summary>Where a client connects, and as whom.</summary>
/// <param name="Url">Of the hubs (classic) or of the hub (Core).</param>
/// <param name="User">Whom the app server takes it for; null where a token says that.</param>
/// <param name="Token">Its access token; null where the app server gives it one.</param>
internal sealed record Address(string Url, string? User, string? Token);
