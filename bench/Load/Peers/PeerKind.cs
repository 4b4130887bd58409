namespace Tandem.Load.Peers;

/// <summary>What is compared.</summary>
internal enum PeerKind
{
    /// <summary>ASP.NET Core SignalR in one process, with the clients on the app server.</summary>
    SelfHost,

    /// <summary>The same application with its clients on a gateway.</summary>
    Gateway,
}
