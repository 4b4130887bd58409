namespace Tandem.Sdk.Connections;

/// <summary>What all server connections of an app server have in common. The times are those of the service protocol.</summary>
internal sealed class ServerConnectionSettings
{
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan SilenceTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan AckTimeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    public ServerConnectionSettings(string serverId, string userAgent, TimeProvider timeProvider)
    {
        ServerId = serverId;
        UserAgent = userAgent;
        TimeProvider = timeProvider;
    }

    /// <summary>Id of this app server process.</summary>
    public string ServerId { get; }

    public string UserAgent { get; }

    public TimeProvider TimeProvider { get; }

    /// <summary>Where at the gateway server connections are opened; says of which family the hubs are.</summary>
    public string ServerPath { get; set; } = Protocols.Service.ServicePaths.Server;

    /// <summary>Server connections kept open per hub and endpoint.</summary>
    public int InitialCount { get; set; } = 5;

    /// <summary>Most server connections per hub and endpoint, those a gateway asked for included; null for no bound.</summary>
    public int? MaxCount { get; set; }

    /// <summary>Bytes that may wait for the socket of one server connection before senders have to wait.</summary>
    public int MaxWaitingBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest message accepted from a gateway, in bytes.</summary>
    public int MaxMessageBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether clients may be moved to another app server when this one shuts down.</summary>
    public Protocols.Service.MigrationLevel MigrationLevel { get; set; }

    /// <summary>An id for this process: the machine's name and a random part.</summary>
    public static string NewServerId() => Environment.MachineName + "_" + Guid.NewGuid().ToString("N");
}
