using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;
using Newtonsoft.Json.Linq;

namespace Tandem.Sdk.Owin;

/// <summary>
/// The hub dispatcher, except that a client must be allowed in all hubs it names. The stock dispatcher drops the others from the
/// connection without a word; but it is the gateway that sends broadcasts, to every hub the client named.
/// </summary>
internal sealed class AllOrNothingHubDispatcher : HubDispatcher
{
    private const string HubSignal = "h-";

    public AllOrNothingHubDispatcher(HubConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>Declared names of the client's hubs, once the request has been authorized.</summary>
    public IReadOnlyCollection<string> HubNames { get; private set; } = [];

    protected override bool AuthorizeRequest(IRequest request)
    {
        if (!base.AuthorizeRequest(request))
        {
            return false;
        }

        HubNames = GetSignals(null, string.Empty)
            .Where(static signal => signal.StartsWith(HubSignal, StringComparison.Ordinal))
            .Select(static signal => signal.Substring(HubSignal.Length)).ToList();
        return HubNames.Count == CountNamed(request.QueryString["connectionData"]);
    }

    private static int CountNamed(string? connectionData) =>
        string.IsNullOrEmpty(connectionData) ? 0 : JToken.Parse(connectionData!) is JArray hubs ? hubs.Count : 0;
}
