using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>Hub messages of ASP.NET Core as JSON records. Values are slices of the record; both directions are written alike.</summary>
internal sealed class CoreJsonDialect : HubDialect
{
    public static readonly CoreJsonDialect Instance = new();

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = JsonToMessagePack.MaxDepth };
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly ReadOnlyMemory<byte> Request = "{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Response = "{}\u001e"u8.ToArray();

    private CoreJsonDialect()
        : base("json", ProtocolFamily.Core)
    {
    }

    public override ReadOnlyMemory<byte> HandshakeRequest => Request;

    public override ReadOnlyMemory<byte> HandshakeResponse => Response;

    public override void ReadFromClient(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages) => Read(ref input, messages);

    public override void ReadFromServer(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages) => Read(ref input, messages);

    public override bool MayComplete(ReadOnlySpan<byte> piece) => piece.Contains(CoreMessages.RecordSeparator);

    public override byte[] WriteToServer(HubMessage message) => Write(message);

    public override byte[] WriteToClient(HubMessage message) => Write(message);

    private static void Read(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages)
    {
        while (input.Span.IndexOf(CoreMessages.RecordSeparator) is var end and >= 0)
        {
            messages.Add(ReadRecord(input[..end]));
            input = input[(end + 1)..];
        }
    }

    private static HubMessage ReadRecord(ReadOnlyMemory<byte> json)
    {
        try
        {
            return CoreJsonRecord.Read(json, Reading).ToMessage();
        }
        catch (JsonException exception)
        {
            throw new ProtocolViolationException("The record is not JSON, or nested too deeply.", exception);
        }
    }

    private static byte[] Write(HubMessage message)
    {
        var output = new ArrayBufferWriter<byte>(message.Arguments.Length + message.Value.Length + 128);
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            json.WriteStartObject();
            switch (message.Kind)
            {
                case HubMessageKind.Invocation:
                    json.WriteNumber("type"u8, message.IsStream ? CoreMessageType.StreamInvocation : CoreMessageType.Invocation);
                    WriteId(json, message, required: message.IsStream);
                    json.WriteString("target"u8, message.Target);
                    WriteValue(json, "arguments"u8, message.Arguments, "[]"u8);
                    break;
                case HubMessageKind.StreamItem:
                    json.WriteNumber("type"u8, CoreMessageType.StreamItem);
                    WriteId(json, message, required: true);
                    WriteValue(json, "item"u8, message.Value, "null"u8);
                    break;
                case HubMessageKind.Completion:
                    json.WriteNumber("type"u8, CoreMessageType.Completion);
                    WriteId(json, message, required: true);
                    WriteOutcome(json, message);
                    break;
                case HubMessageKind.CancelInvocation:
                    json.WriteNumber("type"u8, CoreMessageType.CancelInvocation);
                    WriteId(json, message, required: true);
                    break;
                default:
                    throw new ArgumentException($"A message of kind {message.Kind} cannot be written.", nameof(message));
            }

            json.WriteEndObject();
        }

        output.Write<byte>([CoreMessages.RecordSeparator]);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteOutcome(Utf8JsonWriter json, HubMessage message)
    {
        if (message.Error is not null)
        {
            json.WriteString("error"u8, message.Error);
        }
        else if (!message.Value.IsEmpty)
        {
            WriteValue(json, "result"u8, message.Value, default);
        }
    }

    private static void WriteId(Utf8JsonWriter json, HubMessage message, bool required)
    {
        if (message.InvocationId is not null)
        {
            json.WriteString("invocationId"u8, message.InvocationId);
        }
        else if (required)
        {
            throw new ArgumentException("The message belongs to no call.", nameof(message));
        }
    }

    private static void WriteValue(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlyMemory<byte> value, ReadOnlySpan<byte> otherwise)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.IsEmpty ? otherwise : value.Span, skipInputValidation: true);
    }
}
