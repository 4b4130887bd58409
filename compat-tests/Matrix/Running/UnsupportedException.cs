namespace Tandem.Compat.Matrix.Running;

/// <summary>A client library has no means for what it was to do.</summary>
internal sealed class UnsupportedException(string message) : Exception(message);
