using System.Text;
using System.Text.Json;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>
/// The members of a message, as slices. One letter means different things in different messages: <c>M</c> is a method or the messages of an
/// envelope, <c>H</c> a hub or whether an error is for clients. Letters count in either case, as JSON.NET takes them.
/// </summary>
internal struct ClassicMembers
{
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = CallId.MaxDepth };

    private string? _id;
    private string? _hub;
    private string? _method;
    private string? _error;
    private bool _isHubException;
    private bool _hasState;
    private ReadOnlyMemory<byte> _arguments;
    private ReadOnlyMemory<byte> _result;
    private ReadOnlyMemory<byte> _progress;
    private ReadOnlyMemory<byte> _data;

    /// <summary>The messages of an envelope; null when it is none.</summary>
    public List<ReadOnlyMemory<byte>>? Messages { get; private set; }

    /// <summary>Reads a message. Members that are not known are skipped.</summary>
    /// <exception cref="JsonException">It is no JSON, or nested too deeply.</exception>
    /// <exception cref="ProtocolViolationException">It is JSON of another shape.</exception>
    public static ClassicMembers Read(ReadOnlyMemory<byte> json)
    {
        var members = default(ClassicMembers);
        var reader = new Utf8JsonReader(json.Span, Reading);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ProtocolViolationException("A message is not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Unescape(reader.ValueSpan);
            var letter = name.Length == 1 ? (char)(name[0] & ~0x20) : '\0';
            reader.Read();
            members.ReadMember(letter, ref reader, json);
        }

        // Only white space may follow; anything else throws.
        reader.Read();
        return members;
    }

    /// <summary>As a call of a hub or of a client; null when it is none.</summary>
    public readonly HubMessage? ToInvocation() => _hub is null || _method is null ? null : new HubMessage(HubMessageKind.Invocation)
    {
        InvocationId = _id,
        Hub = _hub,
        Target = _method,
        Arguments = _arguments.IsEmpty ? "[]"u8.ToArray() : _arguments,
        HasState = _hasState,
    };

    /// <summary>As the answer to a call; null when it is none, or of a call that wanted none.</summary>
    public readonly HubMessage? ToCompletion() => _id is null ? null : new HubMessage(HubMessageKind.Completion)
    {
        InvocationId = _id,
        Error = _error,
        IsHubException = _error is not null && _isHubException,
        Value = _error is null ? _result : default,
        HasState = _hasState,
    };

    /// <summary>As progress of a call; null when it is none.</summary>
    public readonly HubMessage? ToProgress()
    {
        if (_progress.IsEmpty)
        {
            return null;
        }

        var inner = Read(_progress);
        return inner._id is null ? null : new HubMessage(HubMessageKind.StreamItem)
        {
            InvocationId = inner._id,
            Value = inner._data.IsEmpty ? "null"u8.ToArray() : inner._data,
        };
    }

    private void ReadMember(char letter, ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var type = reader.TokenType;
        switch (letter)
        {
            case 'I':
                _id = type switch
                {
                    JsonTokenType.String => JsonText.Read(reader.ValueSpan),
                    JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                    JsonTokenType.Null => null,
                    _ => throw new ProtocolViolationException("The id of a call is neither a number nor a text."),
                };
                break;
            case 'H' when type == JsonTokenType.String:
                _hub = JsonText.Read(reader.ValueSpan);
                break;
            case 'H':
                _isHubException = type == JsonTokenType.True;
                break;
            case 'M' when type == JsonTokenType.String:
                _method = JsonText.Read(reader.ValueSpan);
                break;
            case 'M' when type == JsonTokenType.StartArray:
                Messages = ReadItems(ref reader, json);
                return;
            case 'A' when type == JsonTokenType.StartArray:
                _arguments = ReadValue(ref reader, json);
                return;
            case 'A' when type != JsonTokenType.Null:
                throw new ProtocolViolationException("The arguments of an invocation are not an array.");
            case 'E' when type == JsonTokenType.String:
                _error = JsonText.Read(reader.ValueSpan);
                break;
            case 'R':
                _result = ReadValue(ref reader, json);
                return;
            case 'D':
                _data = ReadValue(ref reader, json);
                return;
            case 'P' when type == JsonTokenType.StartObject:
                _progress = ReadValue(ref reader, json);
                return;
            case 'S' when type == JsonTokenType.StartObject:
                _hasState = SkipObject(ref reader);
                return;
        }

        reader.Skip();
    }

    private static ReadOnlyMemory<byte> ReadValue(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>Skips an object; false when it has no members.</summary>
    private static bool SkipObject(ref Utf8JsonReader reader)
    {
        var any = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Stands on the name; skipping it skips its value, too.
            reader.Skip();
            any = true;
        }

        return any;
    }

    private static List<ReadOnlyMemory<byte>> ReadItems(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader, json));
        }

        return items;
    }
}
