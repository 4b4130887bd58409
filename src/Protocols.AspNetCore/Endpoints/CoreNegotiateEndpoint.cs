using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Endpoints;

/// <summary>
/// <c>POST /client/negotiate</c>: makes a connection and says how to reach it. Waits for an app server first, so that a client that is
/// faster than its app gets a plain HTTP refusal when none comes.
/// </summary>
internal sealed class CoreNegotiateEndpoint(CoreConnections connections, ConnectionRouter router)
{
    // Trying again with the same token cannot help once that app server has gone for good.
    private const string StickyServerAbsent = "The app server this client must stay with is not connected. Negotiate with the application again.";

    public async Task HandleAsync(HttpContext context)
    {
        if (await CoreEndpointContext.ReadHubAsync(context) is not { } hub)
        {
            return;
        }

        // Some clients send the parameter twice: theirs, and the one of the app's negotiate that the redirect carries.
        var versionText = context.Request.Query["negotiateVersion"];
        var asked = 0;
        if (versionText.Count > 0 && !int.TryParse(versionText[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out asked))
        {
            await HttpRefusal.WriteAsync(context, StatusCodes.Status400BadRequest, "The 'negotiateVersion' of the query is not a number.");
            return;
        }

        var version = asked >= 1 ? 1 : 0;
        var principal = new ClientPrincipal(context.User);
        var refusal = await router.WaitForServerAsync(
            hub, ProtocolFamily.Core, principal.StickyServerId, principal.StickyRequired, [], context.RequestAborted);
        if (refusal != CloseReason.None)
        {
            var text = refusal == CloseReason.NoServerAvailable && principal.StickyRequired ? StickyServerAbsent : refusal.Describe();
            await HttpRefusal.WriteAsync(context, refusal, text);
            return;
        }

        if (connections.TryNegotiate(hub, principal, separateToken: version > 0, out var token) is not { } connection)
        {
            await HttpRefusal.WriteAsync(context, CloseReason.Overloaded);
            return;
        }

        connection.Library = ClientLibraries.ReadCore(context.Request);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("negotiateVersion", version);
        json.WriteString("connectionId", connection.ConnectionId);
        if (version > 0)
        {
            json.WriteString("connectionToken", token);
        }

        json.WriteStartArray("availableTransports");
        WriteTransport(json, principal.AllowedTransports, ClientTransports.WebSockets, "WebSockets", binary: true);
        WriteTransport(json, principal.AllowedTransports, ClientTransports.ServerSentEvents, "ServerSentEvents", binary: false);
        WriteTransport(json, principal.AllowedTransports, ClientTransports.LongPolling, "LongPolling", binary: true);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTransport(Utf8JsonWriter json, ClientTransports allowed, ClientTransports transport, string name, bool binary)
    {
        if (!allowed.HasFlag(transport))
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("transport", name);
        json.WriteStartArray("transferFormats");
        json.WriteStringValue("Text");
        if (binary)
        {
            json.WriteStringValue("Binary");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
