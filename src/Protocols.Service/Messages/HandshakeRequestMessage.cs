namespace Tandem.Protocols.Service;

/// <summary>Opens a server connection: says which protocol version and which kind of connection this is.</summary>
/// <remarks>Type 1; app server → gateway.</remarks>
public sealed class HandshakeRequestMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public HandshakeRequestMessage(
        int version,
        ServerConnectionKind kind,
        string target = "",
        MigrationLevel migrationLevel = MigrationLevel.Off,
        bool allowStatefulReconnects = false)
    {
        Version = version;
        Kind = kind;
        Target = target;
        MigrationLevel = migrationLevel;
        AllowStatefulReconnects = allowStatefulReconnects;
    }

    /// <summary>Version of the service protocol; 1 is the only one.</summary>
    public int Version { get; }

    /// <summary>Whether the connection may be given clients.</summary>
    public ServerConnectionKind Kind { get; }

    /// <summary>Gateway instance an on-demand connection was opened for; empty otherwise.</summary>
    public string Target { get; }

    /// <summary>Whether clients of this connection may be moved to another app server.</summary>
    public MigrationLevel MigrationLevel { get; }

    /// <summary>Seventh element of newer SDKs (1.26 and later); false when absent.</summary>
    public bool AllowStatefulReconnects { get; }
}
