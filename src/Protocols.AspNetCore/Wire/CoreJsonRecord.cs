using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>The members of one JSON record that make a hub message, in whatever order they came: the type may be the last of them.</summary>
internal struct CoreJsonRecord
{
    private int? _type;
    private string? _invocationId;
    private string? _target;
    private string? _error;
    private ReadOnlyMemory<byte> _arguments;
    private ReadOnlyMemory<byte> _item;
    private ReadOnlyMemory<byte> _result;
    private bool _hasUploads;

    /// <summary>Reads a record without its separator. Members that are not known are skipped.</summary>
    /// <exception cref="JsonException">It is no JSON, or nested too deeply.</exception>
    /// <exception cref="ProtocolViolationException">It is JSON of another shape.</exception>
    public static CoreJsonRecord Read(ReadOnlyMemory<byte> json, JsonReaderOptions options)
    {
        var record = default(CoreJsonRecord);
        var reader = new Utf8JsonReader(json.Span, options);
        reader.Read();
        Require(reader.TokenType == JsonTokenType.StartObject, "A record is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            record.ReadMember(ref reader, json);
        }

        // Only white space may follow; anything else throws.
        reader.Read();
        return record;
    }

    /// <summary>The message, if everything is there that its type needs.</summary>
    /// <exception cref="ProtocolViolationException">Something is missing.</exception>
    public readonly HubMessage ToMessage()
    {
        switch (_type)
        {
            case CoreMessageType.Invocation or CoreMessageType.StreamInvocation:
                Require(_target is not null && !_arguments.IsEmpty, "An invocation has no target or no arguments.");
                Require(_type == CoreMessageType.Invocation || _invocationId is not null, "An invocation of a stream has no id.");
                return new HubMessage(HubMessageKind.Invocation)
                {
                    InvocationId = _invocationId,
                    Target = _target!,
                    Arguments = _arguments,
                    IsStream = _type == CoreMessageType.StreamInvocation,
                    HasUploads = _hasUploads,
                };
            case CoreMessageType.StreamItem:
                Require(_invocationId is not null && !_item.IsEmpty, "A stream item has no id or no item.");
                return new HubMessage(HubMessageKind.StreamItem) { InvocationId = _invocationId, Value = _item };
            case CoreMessageType.Completion:
                Require(_invocationId is not null, "A completion has no id.");
                Require(_error is null || _result.IsEmpty, "A completion has an error and a result.");
                return Completion(_invocationId, _error, _result);
            case CoreMessageType.CancelInvocation:
                Require(_invocationId is not null, "A cancellation has no id.");
                return new HubMessage(HubMessageKind.CancelInvocation) { InvocationId = _invocationId };
            default:
                return new HubMessage(HubMessageKind.Other);
        }
    }

    /// <summary>A completion as either encoding of this family reads it.</summary>
    public static HubMessage Completion(string? invocationId, string? error, ReadOnlyMemory<byte> result)
    {
        var message = error;
        var isHubException = error is not null && CoreErrors.IsHubException(error, out message);
        return new HubMessage(HubMessageKind.Completion)
        {
            InvocationId = invocationId,
            Error = message,
            IsHubException = isHubException,
            Value = result,
        };
    }

    private void ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var name = JsonText.Unescape(reader.ValueSpan);
        reader.Read();
        if (name.SequenceEqual("type"u8))
        {
            var type = 0;
            Require(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out type), "The type of a record is not a number.");
            _type = type;
        }
        else if (name.SequenceEqual("invocationId"u8))
        {
            _invocationId = ReadText(ref reader);
        }
        else if (name.SequenceEqual("target"u8))
        {
            _target = ReadText(ref reader);
        }
        else if (name.SequenceEqual("error"u8))
        {
            _error = ReadText(ref reader);
        }
        else if (name.SequenceEqual("arguments"u8))
        {
            Require(reader.TokenType == JsonTokenType.StartArray, "The arguments of a record are not an array.");
            _arguments = ReadValue(ref reader, json);
        }
        else if (name.SequenceEqual("item"u8))
        {
            _item = ReadValue(ref reader, json);
        }
        else if (name.SequenceEqual("result"u8))
        {
            _result = ReadValue(ref reader, json);
        }
        else if (name.SequenceEqual("streamIds"u8))
        {
            _hasUploads = HasItems(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Require(reader.TokenType == JsonTokenType.String, "A member of a record is not a text.");
        return JsonText.Read(reader.ValueSpan);
    }

    private static bool HasItems(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Require(reader.TokenType == JsonTokenType.Null, "The stream ids of a record are not an array.");
            return false;
        }

        var any = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            any = true;
            reader.Skip();
        }

        return any;
    }

    private static ReadOnlyMemory<byte> ReadValue(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static void Require(bool condition, string violation)
    {
        if (!condition)
        {
            throw new ProtocolViolationException(violation);
        }
    }
}
