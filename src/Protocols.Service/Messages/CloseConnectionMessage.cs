namespace Tandem.Protocols.Service;

/// <summary>Ends one client connection. Nobody answers it.</summary>
/// <remarks>Type 5; both.</remarks>
public sealed class CloseConnectionMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public CloseConnectionMessage(string connectionId, string? error, IReadOnlyList<KeyValuePair<string, string[]>> headers)
    {
        ConnectionId = connectionId;
        Error = error;
        Headers = headers;
    }

    /// <summary>Connection id of the client.</summary>
    public string ConnectionId { get; }

    /// <summary>Why it ended; null or empty for an ordinary end.</summary>
    public string? Error { get; }

    /// <summary>Empty, or the migration header <see cref="ServiceHeaders.MigrateTo"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, string[]>> Headers { get; }
}
