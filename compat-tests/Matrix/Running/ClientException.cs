namespace Tandem.Compat.Matrix.Running;

/// <summary>What a client library failed with.</summary>
internal sealed class ClientException(string message) : Exception(message);
