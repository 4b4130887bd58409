namespace Tandem.Sdk.Core;

/// <summary>What a classic client may use.</summary>
/// <param name="Hubs">The hubs.</param>
/// <param name="IsForbidden">Whether a hub is closed to this very user, rather than to anybody unknown.</param>
internal sealed record AuthorizedHubs(IReadOnlyList<MappedHub> Hubs, bool IsForbidden);
