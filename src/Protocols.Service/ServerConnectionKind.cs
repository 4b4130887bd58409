namespace Tandem.Protocols.Service;

/// <summary>What a server connection is for, as its handshake says. The values are those of the wire.</summary>
public enum ServerConnectionKind
{
    /// <summary>An ordinary connection: it is given clients.</summary>
    Default = 0,

    /// <summary>Opened because the gateway asked for it with a <c>target</c> ping: it is given clients, and not reopened when lost.</summary>
    OnDemand = 1,

    /// <summary>May send and be acknowledged, but is never given clients.</summary>
    Weak = 2,
}
