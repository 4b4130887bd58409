namespace Tandem.Sdk.Owin;

/// <summary>What happens to connected clients when the app server stops.</summary>
public enum GracefulShutdownMode
{
    /// <summary>Server connections are closed; gateways let the clients reconnect to another app server.</summary>
    Off,

    /// <summary>No new clients are accepted, and those that are there may finish until the timeout.</summary>
    WaitForClientsClose,
}
