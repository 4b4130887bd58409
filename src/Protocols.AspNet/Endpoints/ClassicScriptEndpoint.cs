using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tandem.Protocols.Service;
using Tandem.Routing.Hubs;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary><c>…/hubs</c> and <c>…/js</c>: the script with the generated proxies, as the app server sent it, made to point here, or of the hubs that app servers of ASP.NET Core described; or an error the browser shows.</summary>
internal sealed class ClassicScriptEndpoint(HubTable hubs)
{
    private const string NotHere = "throw new Error('SignalR: the hub proxies are served by the application, not by the gateway. Load the script from the application\\'s own URL.');";
    private const string NotKnown = "throw new Error('SignalR: no app server has sent its hub proxies to the gateway yet. Try again later, or load the script from the application.');";

    /// <summary>Answers with a script in any case: an error status would tell the developer nothing.</summary>
    public Task HandleAsync(HttpContext context, ClassicMapping mapping) => ClassicAnswers.ScriptAsync(
        context, mapping.Application is { } application ? Script(application, context.Request.PathBase + mapping.Path) : NotHere);

    private string Script(string application, string path)
    {
        if (hubs.TryGet(ServicePaths.ApplicationHub(application), out var hub) && hub.ProxyScript is { } script)
        {
            return PointTo(script, path);
        }

        var proxies = Described(application).Select(static hub => KeyValuePair.Create(hub.Name, hub.Methods.Except(hub.UploadMethods))).ToArray();
        return proxies.Length == 0 ? NotKnown : HubProxyScript.Create(path, proxies);
    }

    /// <summary>The hubs of the application; names of applications may have the separator in them, so the whole key decides.</summary>
    private IEnumerable<HubDescription> Described(string application) => hubs.All()
        .Where(hub => hub.Description is { } description && hub.Key == ServicePaths.PrefixedHub(application, description.Name))
        .Select(static hub => hub.Description!);

    /// <summary>Replaces the place of the URL in the script, which stands in a JavaScript text.</summary>
    internal static string PointTo(string script, string path)
    {
        var text = JsonSerializer.Serialize(path);
        return script.Replace(ServicePing.ProxiesUrl, text[1..^1], StringComparison.Ordinal);
    }
}
