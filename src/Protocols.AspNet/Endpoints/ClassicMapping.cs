namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>One path at which classic clients connect.</summary>
/// <param name="Path">The path, without a slash at its end.</param>
/// <param name="Application">The application of its clients; null when their token names it.</param>
/// <param name="PolicyName">Name of the authorization policy.</param>
/// <param name="AllowAnonymous">Whether clients without a token may connect.</param>
/// <param name="IsPersistentConnection">Whether the clients are those of a PersistentConnection, whatever they send.</param>
/// <param name="Times">The times that hold here.</param>
internal sealed record ClassicMapping(
    string Path, string? Application, string PolicyName, bool AllowAnonymous, bool IsPersistentConnection, ClassicTimes Times);
