namespace Tandem.Compat.Tests.Mixed;

/// <summary>Where a client finds a room.</summary>
/// <param name="Url">What it is told to connect to.</param>
/// <param name="Token">Who it is at the gateway; null where its application says that.</param>
internal sealed record RoomAddress(string Url, string? Token);
