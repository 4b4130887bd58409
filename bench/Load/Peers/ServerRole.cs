namespace Tandem.Load.Peers;

/// <summary>What a server process is in a peer.</summary>
internal enum ServerRole
{
    /// <summary>The process with the hub.</summary>
    AppServer,

    /// <summary>The process between the clients and the app server.</summary>
    Gateway,
}
