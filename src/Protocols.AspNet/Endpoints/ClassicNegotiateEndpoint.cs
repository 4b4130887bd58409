using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>
/// <c>…/negotiate</c>: draws a connection id and says how to reach it. Nothing is kept; all is in the connection token. Waits for an app server
/// first, so that a client that is faster than its app gets a plain HTTP refusal when none comes.
/// </summary>
internal sealed class ClassicNegotiateEndpoint(ConnectionTokens tokens, ConnectionIds ids, ConnectionRouter router)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task HandleAsync(ClassicRequest request)
    {
        var context = request.Context;
        var principal = request.Principal;
        var refusal = await router.WaitForServerAsync(
            ServicePaths.ApplicationHub(request.Application),
            ProtocolFamily.Classic,
            principal.StickyServerId,
            principal.StickyRequired,
            [.. (request.Hubs ?? []).Select(hub => ServicePaths.PrefixedHub(request.Application, hub))],
            context.RequestAborted);
        if (refusal != CloseReason.None)
        {
            await ClassicAnswers.RefuseAsync(context, refusal);
            return;
        }

        var id = ids.NewGuidConnectionId();
        var token = tokens.Protect(request.Application, id, principal.UserId);
        // Only what is written like this is taken off, as in ASP.NET SignalR: JavaScript clients put the rest in front of their streams.
        var url = (context.Request.PathBase + context.Request.Path).ToString().Replace("/negotiate", string.Empty, StringComparison.Ordinal);
        await ClassicAnswers.JsonAsync(context, Write(url, token, id, request.Mapping.Times, principal.AllowedTransports, request.Version));
    }

    /// <summary>The answer, with the members in the order and the numbers in the form of ASP.NET SignalR.</summary>
    internal static ReadOnlyMemory<byte> Write(string url, string token, string id, ClassicTimes times, ClientTransports allowed, Version version)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(output, Writing);
        json.WriteStartObject();
        json.WriteString("Url", url);
        json.WriteString("ConnectionToken", token);
        json.WriteString("ConnectionId", id);
        WriteSeconds(json, "KeepAliveTimeout", times.KeepAliveTimeout);
        WriteSeconds(json, "DisconnectTimeout", times.DisconnectTimeout);
        WriteSeconds(json, "ConnectionTimeout", times.ConnectionTimeout);
        json.WriteBoolean("TryWebSockets", allowed.HasFlag(ClientTransports.WebSockets));
        json.WriteString("ProtocolVersion", ClassicProtocolVersion.Text(version));
        WriteSeconds(json, "TransportConnectTimeout", times.TransportConnectTimeout);
        WriteSeconds(json, "LongPollDelay", times.LongPollDelay);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        json.WritePropertyName(name);
        if (time is not { } value)
        {
            json.WriteNullValue();
            return;
        }

        var text = value.TotalSeconds.ToString("R", CultureInfo.InvariantCulture);
        json.WriteRawValue(text.Contains('.') ? text : text + ".0");
    }
}
