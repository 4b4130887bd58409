namespace Tandem.Load.Clients;

/// <summary>Where negotiate sends a client, and with which access token.</summary>
internal sealed record ConnectTarget(Uri Url, string? AccessToken);
