using Tandem.Protocols.Service;

namespace Tandem.Gateway.ServerConnections;

/// <summary>Judges the first message of an app server.</summary>
internal static class ServerHandshake
{
    /// <summary>A handshake is a dozen bytes; what announces more is something else.</summary>
    public const int MaxBytes = 4096;

    private const int Version = 1;

    /// <summary>Why the connection is refused, in words for the app server's log; null when it is not.</summary>
    public static string? Refusal(ServiceMessage message) => message switch
    {
        HandshakeRequestMessage { Version: not Version } m => $"Version {m.Version} of the service protocol is not supported; this gateway speaks version {Version}.",
        HandshakeRequestMessage m when !Enum.IsDefined(m.Kind) => $"Server connections of kind {(int)m.Kind} are not supported.",
        HandshakeRequestMessage => null,
        _ => "The first message must be a handshake request.",
    };

    /// <summary>Levels of the future are taken as the strictest: moving a client that must not be moved would be worse.</summary>
    public static MigrationLevel MigrationLevel(HandshakeRequestMessage request) =>
        Enum.IsDefined(request.MigrationLevel) ? request.MigrationLevel : Protocols.Service.MigrationLevel.Off;
}
