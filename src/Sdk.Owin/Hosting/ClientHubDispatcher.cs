using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Newtonsoft.Json.Linq;

namespace Tandem.Sdk.Owin;

/// <summary>
/// The hub dispatcher, which also tells which hubs a client may use. Like the stock dispatcher it drops the others from the connection without a
/// word, as long as the client may use one; but it is the gateway that sends broadcasts, and so it has to be told.
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

    /// <summary>The hubs the client may use, as the claim has them.</summary>
    public string AllowedHubs => string.Join(Separator.ToString(), HubNames.Select(static name => name.ToLowerInvariant()));

    /// <summary>
    /// What the gateway was told when the client negotiated, and makes it a member of; null when it was told nothing, and lets it into every
    /// hub it names: a hub that the client may not use then ends the connection.
    /// </summary>
    public string? GatewayHubs { get; set; }

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
        return IsNegotiate || !Members(request).Except(HubNames, StringComparer.OrdinalIgnoreCase).Any();
    }

    private IEnumerable<string> Members(IRequest request)
    {
        var named = Named(request.QueryString["connectionData"]);
        return GatewayHubs is null ? named : named.Intersect(GatewayHubs.Split(Separator), StringComparer.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Named(string? connectionData) =>
        string.IsNullOrEmpty(connectionData) || JToken.Parse(connectionData!) is not JArray hubs
            ? []
            : hubs.OfType<JObject>().Select(static hub => (string?)hub.GetValue("name", StringComparison.OrdinalIgnoreCase) ?? string.Empty);
}
