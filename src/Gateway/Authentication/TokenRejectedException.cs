namespace Tandem.Gateway.Authentication;

/// <summary>A token that is signed well but not good for this request. The message is shown to the sender.</summary>
internal sealed class TokenRejectedException(string message) : Exception(message);
