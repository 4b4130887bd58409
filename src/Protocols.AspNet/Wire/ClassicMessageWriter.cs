using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>Writes the messages classic clients and app servers know, member by member as their own libraries do.</summary>
internal static class ClassicMessageWriter
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A call of a hub, which is all that a client has to say.</summary>
    public static byte[] ToServer(HubMessage message) => Write(message, static (json, message) =>
    {
        Require(message.Kind == HubMessageKind.Invocation, message);
        WriteInvocation(json, message);
    });

    /// <summary>An envelope with one message, or the bare result of a call. The cursor is a place for the node's own.</summary>
    public static byte[] ToClient(HubMessage message) => Write(message, static (json, message) =>
    {
        switch (message.Kind)
        {
            case HubMessageKind.Invocation:
                // Nobody awaits an answer of a classic client.
                WriteEnvelope(json, message with { InvocationId = null }, WriteInvocation);
                break;
            case HubMessageKind.StreamItem:
                WriteEnvelope(json, message, WriteProgress);
                break;
            case HubMessageKind.Completion:
                WriteResult(json, message);
                break;
            default:
                Require(false, message);
                break;
        }
    });

    private static byte[] Write(HubMessage message, Action<Utf8JsonWriter, HubMessage> write)
    {
        var output = new ArrayBufferWriter<byte>(message.Arguments.Length + message.Value.Length + 128);
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            write(json, message);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteEnvelope(Utf8JsonWriter json, HubMessage message, Action<Utf8JsonWriter, HubMessage> write)
    {
        json.WriteStartObject();
        json.WriteString("C"u8, "0"u8);
        json.WriteStartArray("M"u8);
        write(json, message);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInvocation(Utf8JsonWriter json, HubMessage message)
    {
        json.WriteStartObject();
        json.WriteString("H"u8, message.Hub ?? throw new ArgumentException("The message names no hub.", nameof(message)));
        json.WriteString("M"u8, message.Target);
        json.WritePropertyName("A"u8);
        json.WriteRawValue(message.Arguments.IsEmpty ? "[]"u8 : message.Arguments.Span, skipInputValidation: true);
        if (message.InvocationId is not null)
        {
            json.WriteString("I"u8, message.InvocationId);
        }

        json.WriteEndObject();
    }

    private static void WriteProgress(Utf8JsonWriter json, HubMessage message)
    {
        Require(message.InvocationId is not null, message);
        json.WriteStartObject();
        json.WriteString("I"u8, "P|" + message.InvocationId);
        json.WriteStartObject("P"u8);
        json.WriteString("I"u8, message.InvocationId);
        json.WritePropertyName("D"u8);
        json.WriteRawValue(message.Value.IsEmpty ? "null"u8 : message.Value.Span, skipInputValidation: true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, HubMessage message)
    {
        json.WriteStartObject();
        // Null where the call had none: classic app servers answer every call.
        json.WriteString("I"u8, message.InvocationId);
        if (message.Error is not null)
        {
            json.WriteString("E"u8, message.Error);
            if (message.IsHubException)
            {
                json.WriteBoolean("H"u8, true);
            }
        }
        else if (!message.Value.IsEmpty && !message.Value.Span.SequenceEqual("null"u8))
        {
            // Classic app servers leave a result of null out, and clients expect no other.
            json.WritePropertyName("R"u8);
            json.WriteRawValue(message.Value.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    private static void Require(bool condition, HubMessage message)
    {
        if (!condition)
        {
            throw new ArgumentException($"Such a message of kind {message.Kind} cannot be written.", nameof(message));
        }
    }
}
