namespace Tandem.Routing.Connections;

/// <summary>What became of a client's wish to be connected: a connection, or the reason why not.</summary>
/// <param name="Connection">The connection; null when refused.</param>
/// <param name="Reason">Why it was refused; <see cref="CloseReason.None"/> otherwise.</param>
public readonly record struct ConnectResult(ClientConnection? Connection, CloseReason Reason);
