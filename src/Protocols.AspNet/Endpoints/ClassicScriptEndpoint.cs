using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tandem.Protocols.Service;
using Tandem.Routing.Hubs;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary><c>…/hubs</c> and <c>…/js</c>: the script with the generated proxies, as the app server sent it, made to point here; or an error the browser shows.</summary>
internal sealed class ClassicScriptEndpoint(HubTable hubs)
{
    private const string NotHere = "throw new Error('SignalR: the hub proxies are served by the application, not by the gateway. Load the script from the application\\'s own URL.');";
    private const string NotKnown = "throw new Error('SignalR: no app server has sent its hub proxies to the gateway yet. Try again later, or load the script from the application.');";

    /// <summary>Answers with a script in any case: an error status would tell the developer nothing.</summary>
    public Task HandleAsync(HttpContext context, ClassicMapping mapping) => ClassicAnswers.ScriptAsync(
        context,
        mapping.Application is not { } application ? NotHere
            : !hubs.TryGet(ServicePaths.ApplicationHub(application), out var hub) || hub.ProxyScript is not { } script ? NotKnown
            : PointTo(script, context.Request.PathBase + mapping.Path));

    /// <summary>Replaces the place of the URL in the script, which stands in a JavaScript text.</summary>
    internal static string PointTo(string script, string path)
    {
        var text = JsonSerializer.Serialize(path);
        return script.Replace(ServicePing.ProxiesUrl, text[1..^1], StringComparison.Ordinal);
    }
}
