namespace Tandem.Routing.Servers;

/// <summary>Where a pairing stands.</summary>
internal enum PairingState
{
    /// <summary>Not announced to the app server yet.</summary>
    New,

    /// <summary>Client data flows to the server connection.</summary>
    Active,

    /// <summary>The client is being moved to another app server; its data waits for the next pairing.</summary>
    Moving,

    /// <summary>Over.</summary>
    Ended,
}
