namespace Tandem.Sdk.Core;

/// <summary>
/// Set on a client connection that moves between app servers: a hub can tell such an <c>OnConnectedAsync</c> or
/// <c>OnDisconnectedAsync</c> from a real one.
/// </summary>
public interface IConnectionMigrationFeature
{
    /// <summary>Id of the app server the client comes from; null unless it came.</summary>
    string? MigrateFrom { get; }

    /// <summary>Id of the app server the client goes to; null unless it goes.</summary>
    string? MigrateTo { get; }
}
