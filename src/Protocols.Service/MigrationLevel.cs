namespace Tandem.Protocols.Service;

/// <summary>Whether clients of a server connection may be moved to another app server. The values are those of the wire.</summary>
public enum MigrationLevel
{
    /// <summary>Never: they are closed with their server connection.</summary>
    Off = 0,

    /// <summary>When the app server shuts down and asks for it (<c>fin:1</c>).</summary>
    ShutdownOnly = 1,

    /// <summary>Whenever the gateway likes.</summary>
    Any = 2,
}
