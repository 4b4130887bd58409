namespace Tandem.Protocols.AspNet.Connections;

/// <summary>Why the receiving side of a connection ended.</summary>
internal enum StreamEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>A poll was answered with messages.</summary>
    Delivered,

    /// <summary>Nothing came in time; the client comes back.</summary>
    TimedOut,

    /// <summary>The connection has ended, or sending failed.</summary>
    Closed,

    /// <summary>The client gave the request up.</summary>
    Abandoned,

    /// <summary>A newer request of the same connection took its place.</summary>
    Superseded,

    /// <summary>The app server is gone; the client comes back and is paired anew.</summary>
    ServerLost,
}
