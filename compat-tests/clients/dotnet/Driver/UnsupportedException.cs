namespace Tandem.Compat.Clients;

/// <summary>The library has no such thing.</summary>
/// <param name="reason">One clause.</param>
internal sealed class UnsupportedException(string reason) : Exception(reason);
