namespace Tandem.Sdk.Core;

/// <summary>What happens to connected clients when the app server stops.</summary>
public enum GracefulShutdownMode
{
    /// <summary>Server connections are closed; gateways tell the clients to reconnect.</summary>
    Off,

    /// <summary>No new clients are accepted, and those that are there may finish until the timeout.</summary>
    WaitForClientsClose,

    /// <summary>Gateways move the clients to other app servers of the hub, connection ids and groups kept.</summary>
    MigrateClients,
}
