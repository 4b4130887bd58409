using System.Security.Principal;
using Microsoft.AspNet.SignalR.Infrastructure;

namespace Tandem.Sdk.Owin;

/// <summary>
/// What the hub dispatcher takes for the client's connection token. Real tokens are made and checked by the gateway and never come
/// here; these are made for one call of the dispatcher, in this process, so there is nothing to protect them from.
/// </summary>
internal sealed class ConnectionTokens : IProtectedData
{
    private const string ConnectionPurpose = "SignalR.ConnectionToken";
    private const string GroupsPurpose = "SignalR.Groups.v1.1";

    public static string Create(string connectionId, IPrincipal user) =>
        connectionId + ":" + (user.Identity is { IsAuthenticated: true } identity ? identity.Name : string.Empty);

    public string Protect(string data, string purpose) => Same(data, purpose);

    public string Unprotect(string protectedValue, string purpose) => Same(protectedValue, purpose);

    private static string Same(string data, string purpose) => purpose is ConnectionPurpose or GroupsPurpose
        ? data
        : throw new NotSupportedException($"Tandem's IProtectedData protects nothing; register another one to use it for '{purpose}'.");
}
