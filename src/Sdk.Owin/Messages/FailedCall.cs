using Microsoft.AspNet.SignalR.Hubs;
using Newtonsoft.Json;

namespace Tandem.Sdk.Owin;

/// <summary>
/// The answer to a call that the hubs could not begin: a hub that is not there, arguments that are no list, too much state, nesting too deep. The
/// stock server says nothing to these over a WebSocket, and fails the request of the other transports.
/// </summary>
internal static class FailedCall
{
    /// <summary>The answer to a text of a client.</summary>
    /// <param name="text">What it sent, which may be anything.</param>
    /// <param name="detail">What happened, if the client may know.</param>
    public static HubResponse Answer(string text, Exception? detail)
    {
        string? id = null, hub = null, method = null;
        try
        {
            // Members of the object only, and nothing is built of what is below them: it may be nested deeper than anybody would care to read.
            using var reader = new JsonTextReader(new StringReader(text)) { MaxDepth = null, DateParseHandling = DateParseHandling.None };
            if (reader.Read() && reader.TokenType == JsonToken.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
                {
                    var name = (string)reader.Value!;
                    reader.Read();
                    var value = Convert.ToString(reader.Value, System.Globalization.CultureInfo.InvariantCulture);
                    if (name.Equals("I", StringComparison.OrdinalIgnoreCase))
                    {
                        id = reader.Value is null ? null : value;
                    }
                    else if (name.Equals("H", StringComparison.OrdinalIgnoreCase))
                    {
                        hub = value;
                    }
                    else if (name.Equals("M", StringComparison.OrdinalIgnoreCase))
                    {
                        method = value;
                    }

                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            // What came before the fault is all that can be known.
        }

        return new HubResponse
        {
            Id = id,
            Error = detail?.GetBaseException().Message
                ?? (string.IsNullOrEmpty(hub) || string.IsNullOrEmpty(method)
                    ? "The message is not a call of a hub method."
                    : $"There was an error invoking Hub method '{hub}.{method}'."),
        };
    }
}
