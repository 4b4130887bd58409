using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Newtonsoft.Json.Linq;

namespace Tandem.Sdk.Owin;

/// <summary>
/// The hub dispatcher, which also tells which of the hubs a client named it may not use. Like the stock dispatcher it drops those from the
/// connection without a word, as long as the client may use one; but it is the gateway that sends broadcasts, and so it has to be told.
/// </summary>
internal sealed class ClientHubDispatcher : HubDispatcher
{
    private const string HubSignal = "h-";
    private const char Separator = '.';

    public ClientHubDispatcher(HubConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>Declared names of the client's hubs, once the request has been authorized.</summary>
    public IReadOnlyCollection<string> HubNames { get; private set; } = [];

    /// <summary>The hubs the client named and may not use, as the claim has them; null when there are none.</summary>
    public string? DeniedHubs { get; private set; }

    /// <summary>
    /// What the gateway was told when the client negotiated; null at negotiate, when it can still be told. A hub that is denied and not in
    /// it was named later, or to the gateway alone: the gateway has let the client in, so the connection is refused.
    /// </summary>
    public string? KnownDeniedHubs { get; set; }

    /// <summary>Whether the request is a negotiate request.</summary>
    public bool IsNegotiate { get; set; }

    protected override bool AuthorizeRequest(IRequest request)
    {
        if (!base.AuthorizeRequest(request))
        {
            return false;
        }

        HubNames = GetSignals(null, string.Empty)
            .Where(static signal => signal.StartsWith(HubSignal, StringComparison.Ordinal))
            .Select(static signal => signal.Substring(HubSignal.Length)).ToList();
        var denied = Named(request.QueryString["connectionData"]).Except(HubNames, StringComparer.OrdinalIgnoreCase)
            .Select(static name => name.ToLowerInvariant()).ToList();
        DeniedHubs = denied.Count == 0 ? null : string.Join(Separator.ToString(), denied);
        return IsNegotiate || !denied.Except((KnownDeniedHubs ?? string.Empty).Split(Separator), StringComparer.Ordinal).Any();
    }

    private static IEnumerable<string> Named(string? connectionData) =>
        string.IsNullOrEmpty(connectionData) || JToken.Parse(connectionData!) is not JArray hubs
            ? []
            : hubs.OfType<JObject>().Select(static hub => (string?)hub.GetValue("name", StringComparison.OrdinalIgnoreCase) ?? string.Empty);
}
