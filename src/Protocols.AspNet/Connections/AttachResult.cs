namespace Tandem.Protocols.AspNet.Connections;

/// <summary>What became of a stream that was given to a connection.</summary>
internal enum AttachResult
{
    /// <summary>It receives.</summary>
    Attached,

    /// <summary>The client has missed messages that are no longer kept; the connection is ended.</summary>
    Gap,

    /// <summary>The connection has ended.</summary>
    Ended,
}
