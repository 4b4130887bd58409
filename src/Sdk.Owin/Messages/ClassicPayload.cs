using System.Text;
using Microsoft.AspNet.SignalR.Messaging;
using Newtonsoft.Json;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Owin;

/// <summary>Makes what classic clients get, wrapped as the gateway expects it.</summary>
internal static class ClassicPayload
{
    // The cursor is the gateway's to fill in.
    private static readonly byte[] Start = Encoding.UTF8.GetBytes("{\"C\":\"0\",\"M\":[");
    private static readonly byte[] End = Encoding.UTF8.GetBytes("]}");
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>A message of the bus, whose value is JSON already, in an envelope.</summary>
    public static byte[] Envelope(ArraySegment<byte> value)
    {
        var json = new byte[Start.Length + value.Count + End.Length];
        Buffer.BlockCopy(Start, 0, json, 0, Start.Length);
        Buffer.BlockCopy(value.Array!, value.Offset, json, Start.Length, value.Count);
        Buffer.BlockCopy(End, 0, json, Start.Length + value.Count, End.Length);
        return NestedPayload.Wrap(json);
    }

    /// <summary>A hub's answer to a call: bare.</summary>
    public static byte[] Answer(object value, JsonSerializer serializer) => NestedPayload.Wrap(Serialize(value, serializer));

    /// <summary>Anything else for one client, in an envelope.</summary>
    public static byte[] Envelope(object value, JsonSerializer serializer) => Envelope(new ArraySegment<byte>(Serialize(value, serializer)));

    /// <summary>The payload of a multicast message; classic clients have only JSON.</summary>
    public static ServicePayloads ForAll(Message message) => new(new ServicePayload("json", Envelope(message.Value)));

    private static byte[] Serialize(object value, JsonSerializer serializer)
    {
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, Utf8, 1024, leaveOpen: true))
        {
            serializer.Serialize(writer, value);
        }

        return stream.ToArray();
    }
}
