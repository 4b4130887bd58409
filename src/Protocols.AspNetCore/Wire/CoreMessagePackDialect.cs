using System.Buffers;
using System.Text;
using MessagePack;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>Hub messages of ASP.NET Core as MessagePack arrays behind their lengths. Values are made JSON and back; both directions are alike.</summary>
internal sealed class CoreMessagePackDialect : HubDialect
{
    public static readonly CoreMessagePackDialect Instance = new();

    private const int ErrorResult = 1;
    private const int VoidResult = 2;
    private const int NonVoidResult = 3;

    private static readonly ReadOnlyMemory<byte> Request = "{\"protocol\":\"messagepack\",\"version\":1}\u001e"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Response = "{}\u001e"u8.ToArray();

    private CoreMessagePackDialect()
        : base("messagepack", ProtocolFamily.Core)
    {
    }

    public override ReadOnlyMemory<byte> HandshakeRequest => Request;

    public override ReadOnlyMemory<byte> HandshakeResponse => Response;

    public override void ReadFromClient(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages) => Read(ref input, messages);

    public override void ReadFromServer(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages) => Read(ref input, messages);

    public override byte[] WriteToServer(HubMessage message) => Write(message);

    public override byte[] WriteToClient(HubMessage message) => Write(message);

    private static void Read(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages)
    {
        if (TryTakeHandshake(ref input))
        {
            messages.Add(new HubMessage(HubMessageKind.Other));
        }

        while (ServiceFraming.TryReadPrefix(new ReadOnlySequence<byte>(input), out var prefix, out var length) && input.Length - prefix >= length)
        {
            messages.Add(ReadBody(input.Slice(prefix, length)));
            input = input[(prefix + length)..];
        }
    }

    /// <summary>
    /// The handshake is JSON in every hub protocol. What follows the length of a message is an array, and no array begins like the second
    /// character of a handshake.
    /// </summary>
    private static bool TryTakeHandshake(ref ReadOnlyMemory<byte> input)
    {
        var bytes = input.Span;
        if (bytes.Length < 2 || bytes[0] != '{' || bytes[1] >= 0x80 || bytes.IndexOf(CoreMessages.RecordSeparator) is var end && end < 0)
        {
            return false;
        }

        input = input[(end + 1)..];
        return true;
    }

    private static HubMessage ReadBody(ReadOnlyMemory<byte> body)
    {
        var reader = new MessagePackReader(body);
        try
        {
            return ReadMessage(ref reader);
        }
        catch (Exception exception) when (
            exception is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new ProtocolViolationException("The message is not MessagePack.", exception);
        }
    }

    private static HubMessage ReadMessage(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        var type = reader.ReadInt32();
        if (type is < CoreMessageType.Invocation or > CoreMessageType.CancelInvocation)
        {
            return new HubMessage(HubMessageKind.Other);
        }

        SkipHeaders(ref reader);
        var id = ReadText(ref reader);
        if (string.IsNullOrEmpty(id))
        {
            // Some clients write a call that wants no answer with an empty id.
            id = type == CoreMessageType.Invocation ? null : throw new ProtocolViolationException("A message has no id.");
        }

        switch (type)
        {
            case CoreMessageType.Invocation or CoreMessageType.StreamInvocation:
                return new HubMessage(HubMessageKind.Invocation)
                {
                    InvocationId = id,
                    Target = ReadText(ref reader) ?? throw new ProtocolViolationException("An invocation has no target."),
                    Arguments = ReadArguments(ref reader),
                    HasUploads = count > 5 && !reader.TryReadNil() && reader.ReadArrayHeader() > 0,
                    IsStream = type == CoreMessageType.StreamInvocation,
                };
            case CoreMessageType.StreamItem:
                return new HubMessage(HubMessageKind.StreamItem) { InvocationId = id, Value = MessagePackToJson.Read(ref reader) };
            case CoreMessageType.Completion:
                return ReadCompletion(ref reader, id);
            default:
                return new HubMessage(HubMessageKind.CancelInvocation) { InvocationId = id };
        }
    }

    private static HubMessage ReadCompletion(ref MessagePackReader reader, string? id) => reader.ReadInt32() switch
    {
        ErrorResult => CoreJsonRecord.Completion(id, ReadText(ref reader) ?? string.Empty, default),
        VoidResult => CoreJsonRecord.Completion(id, null, default),
        NonVoidResult => CoreJsonRecord.Completion(id, null, MessagePackToJson.Read(ref reader)),
        _ => throw new ProtocolViolationException("A completion is of no known kind."),
    };

    private static void SkipHeaders(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
        {
            return;
        }

        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            ReadText(ref reader);
            ReadText(ref reader);
        }
    }

    private static byte[] ReadArguments(ref MessagePackReader reader) => reader.NextMessagePackType == MessagePackType.Array
        ? MessagePackToJson.Read(ref reader)
        : throw new ProtocolViolationException("The arguments of an invocation are not an array.");

    // Bytes that are no UTF-8 become U+FFFD.
    private static string? ReadText(ref MessagePackReader reader) =>
        reader.TryReadNil() ? null
        : reader.TryReadStringSpan(out var text) ? Encoding.UTF8.GetString(text)
        : throw new ProtocolViolationException("A member of a message is not a text.");

    private static byte[] Write(HubMessage message)
    {
        var body = new ArrayBufferWriter<byte>(message.Arguments.Length + message.Value.Length + 64);
        var writer = new MessagePackWriter(body);
        switch (message.Kind)
        {
            case HubMessageKind.Invocation:
                var type = message.IsStream ? CoreMessageType.StreamInvocation : CoreMessageType.Invocation;
                WriteStart(ref writer, 6, type, message, idRequired: message.IsStream);
                writer.Write(message.Target);
                WriteValue(ref writer, message.Arguments, "[]"u8);
                writer.WriteArrayHeader(0);
                break;
            case HubMessageKind.StreamItem:
                WriteStart(ref writer, 4, CoreMessageType.StreamItem, message);
                WriteValue(ref writer, message.Value, "null"u8);
                break;
            case HubMessageKind.Completion:
                WriteCompletion(ref writer, message);
                break;
            case HubMessageKind.CancelInvocation:
                WriteStart(ref writer, 3, CoreMessageType.CancelInvocation, message);
                break;
            default:
                throw new ArgumentException($"A message of kind {message.Kind} cannot be written.", nameof(message));
        }

        writer.Flush();
        var output = new byte[ServiceFraming.PrefixSize(body.WrittenCount) + body.WrittenCount];
        var prefix = ServiceFraming.WritePrefix(body.WrittenCount, output);
        body.WrittenSpan.CopyTo(output.AsSpan(prefix));
        return output;
    }

    private static void WriteCompletion(ref MessagePackWriter writer, HubMessage message)
    {
        if (message.Error is not null)
        {
            WriteStart(ref writer, 5, CoreMessageType.Completion, message);
            writer.Write(ErrorResult);
            writer.Write(message.Error);
        }
        else if (message.Value.IsEmpty)
        {
            WriteStart(ref writer, 4, CoreMessageType.Completion, message);
            writer.Write(VoidResult);
        }
        else
        {
            WriteStart(ref writer, 5, CoreMessageType.Completion, message);
            writer.Write(NonVoidResult);
            JsonToMessagePack.Write(ref writer, message.Value.Span);
        }
    }

    private static void WriteStart(ref MessagePackWriter writer, int count, int type, HubMessage message, bool idRequired = true)
    {
        if (idRequired && message.InvocationId is null)
        {
            throw new ArgumentException("The message belongs to no call.", nameof(message));
        }

        writer.WriteArrayHeader(count);
        writer.Write(type);
        writer.WriteMapHeader(0);
        writer.Write(message.InvocationId);
    }

    private static void WriteValue(ref MessagePackWriter writer, ReadOnlyMemory<byte> value, ReadOnlySpan<byte> otherwise) =>
        JsonToMessagePack.Write(ref writer, value.IsEmpty ? otherwise : value.Span);
}
