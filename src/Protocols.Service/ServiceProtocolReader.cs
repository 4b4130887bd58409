using MessagePack;

namespace Tandem.Protocols.Service;

/// <summary>
/// Turns frames into service messages. Accepts what the SDKs accept: longer arrays than known, the shorter ones of older
/// versions, unknown extension keys; unknown types become an <see cref="UnknownMessage"/>.
/// </summary>
public static class ServiceProtocolReader
{
    /// <summary>Reads the message of one frame.</summary>
    /// <param name="frame">The bytes behind the length prefix. The message refers to this memory and keeps it alive.</param>
    /// <exception cref="ProtocolViolationException">The frame is not a service message.</exception>
    public static ServiceMessage Read(ReadOnlyMemory<byte> frame)
    {
        var reader = new MessagePackReader(frame);
        try
        {
            return ReadMessage(ref reader);
        }
        // All the ways in which the MessagePack reader refuses bytes: a value of another kind, a value that is cut off, an integer
        // that does not fit, and a length of 2 GiB or more, which it takes for a negative one.
        catch (Exception exception) when (exception is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new ProtocolViolationException("The frame is not a service message: " + exception.Message, exception);
        }
    }

    /// <summary>
    /// Reads a plain connection data message, by far the most frequent one, without making an object or a text.
    /// </summary>
    /// <param name="frame">The bytes behind the length prefix.</param>
    /// <param name="connectionId">The connection id in UTF-8; valid as long as the frame.</param>
    /// <param name="payload">The bytes; valid as long as the frame.</param>
    /// <returns>False when the frame is anything else, or connection data with extensions, or malformed: use <see cref="Read"/>.</returns>
    public static bool TryReadConnectionData(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> connectionId, out ReadOnlySpan<byte> payload)
    {
        connectionId = default;
        payload = default;
        // [6, str, bin, {}] as a fixed array of four; anything else takes the long way.
        if (frame.Length < 6 || frame[0] != 0x94 || frame[1] != ServiceMessageType.ConnectionData)
        {
            return false;
        }

        var rest = frame.Slice(2);
        var code = rest[0];
        int length;
        if ((code & 0xE0) == 0xA0)
        {
            length = code & 0x1F;
            rest = rest.Slice(1);
        }
        else if (code == 0xD9 && rest.Length > 1)
        {
            length = rest[1];
            rest = rest.Slice(2);
        }
        else
        {
            return false;
        }

        if (rest.Length < length + 3)
        {
            return false;
        }

        var id = rest.Slice(0, length);
        rest = rest.Slice(length);
        long size;
        switch (rest[0])
        {
            case 0xC4:
                size = rest[1];
                rest = rest.Slice(2);
                break;
            case 0xC5 when rest.Length >= 3:
                size = (rest[1] << 8) | rest[2];
                rest = rest.Slice(3);
                break;
            case 0xC6 when rest.Length >= 5:
                size = ((long)rest[1] << 24) | ((long)rest[2] << 16) | ((long)rest[3] << 8) | rest[4];
                rest = rest.Slice(5);
                break;
            default:
                return false;
        }

        if (rest.Length != size + 1 || rest[(int)size] != 0x80)
        {
            return false;
        }

        connectionId = id;
        payload = rest.Slice(0, (int)size);
        return true;
    }

    private static ServiceMessage ReadMessage(ref MessagePackReader reader)
    {
        var count = reader.ReadArrayHeader();
        if (count < 1)
        {
            throw new ProtocolViolationException("The frame holds an empty array.");
        }

        var type = reader.ReadInt32();
        var left = count - 1;
        Require(type, left);
        return type switch
        {
            ServiceMessageType.HandshakeRequest => ReadHandshakeRequest(ref reader, left),
            ServiceMessageType.HandshakeResponse => ReadHandshakeResponse(ref reader, left),
            ServiceMessageType.Ping => ReadPing(ref reader, left),
            ServiceMessageType.OpenConnection => ReadOpenConnection(ref reader, left),
            ServiceMessageType.CloseConnection => ReadCloseConnection(ref reader, left),
            ServiceMessageType.ConnectionData => ReadConnectionData(ref reader, left),
            ServiceMessageType.MultiConnectionData => Traced(new MultiConnectionDataMessage(reader.ReadTexts(), reader.ReadPayloads()), ref reader, left - 2),
            ServiceMessageType.UserData => Traced(new UserDataMessage(reader.ReadText(), reader.ReadPayloads()), ref reader, left - 2),
            ServiceMessageType.MultiUserData => Traced(new MultiUserDataMessage(reader.ReadTexts(), reader.ReadPayloads()), ref reader, left - 2),
            ServiceMessageType.BroadcastData => Traced(new BroadcastDataMessage(reader.ReadTexts(), reader.ReadPayloads()), ref reader, left - 2),
            ServiceMessageType.JoinGroup => Traced(new JoinGroupMessage(reader.ReadText(), reader.ReadText()), ref reader, left - 2),
            ServiceMessageType.LeaveGroup => Traced(new LeaveGroupMessage(reader.ReadText(), reader.ReadString()), ref reader, left - 2),
            ServiceMessageType.JoinGroupWithAck => Traced(new JoinGroupMessage(reader.ReadText(), reader.ReadText(), reader.ReadInt32()), ref reader, left - 3),
            ServiceMessageType.LeaveGroupWithAck => Traced(new LeaveGroupMessage(reader.ReadText(), reader.ReadString(), reader.ReadInt32()), ref reader, left - 3),
            ServiceMessageType.GroupBroadcastData => ReadGroupBroadcast(ref reader, left),
            ServiceMessageType.MultiGroupBroadcastData => Traced(new MultiGroupBroadcastDataMessage(reader.ReadTexts(), reader.ReadPayloads()), ref reader, left - 2),
            ServiceMessageType.ServiceError => new ServiceErrorMessage(reader.ReadString() ?? string.Empty),
            ServiceMessageType.UserJoinGroup => ReadUserJoinGroup(ref reader, left, withAck: false),
            ServiceMessageType.UserJoinGroupWithAck => ReadUserJoinGroup(ref reader, left, withAck: true),
            ServiceMessageType.UserLeaveGroup => Traced(new UserLeaveGroupMessage(reader.ReadText(), reader.ReadString()), ref reader, left - 2),
            ServiceMessageType.UserLeaveGroupWithAck => Traced(new UserLeaveGroupMessage(reader.ReadText(), reader.ReadString(), reader.ReadInt32()), ref reader, left - 3),
            ServiceMessageType.Ack => ReadAck(ref reader, left),
            ServiceMessageType.CheckUserInGroup => Traced(new CheckUserInGroupMessage(reader.ReadText(), reader.ReadText(), reader.ReadInt32()), ref reader, left - 3),
            ServiceMessageType.ServiceEvent => Traced(new ServiceEventMessage(reader.ReadInt32(), reader.ReadString() ?? string.Empty, reader.ReadInt32(), reader.ReadString()), ref reader, left - 4),
            ServiceMessageType.CheckGroupExistence => Traced(new CheckGroupExistenceMessage(reader.ReadText(), reader.ReadInt32()), ref reader, left - 2),
            ServiceMessageType.CheckConnectionExistence => Traced(new CheckConnectionExistenceMessage(reader.ReadText(), reader.ReadInt32()), ref reader, left - 2),
            ServiceMessageType.CheckUserExistence => Traced(new CheckUserExistenceMessage(reader.ReadText(), reader.ReadInt32()), ref reader, left - 2),
            ServiceMessageType.AccessKeyRequest => Traced(new AccessKeyRequestMessage(reader.ReadString(), reader.ReadString()), ref reader, left - 2),
            ServiceMessageType.AccessKeyResponse => Traced(new AccessKeyResponseMessage(reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString()), ref reader, left - 4),
            ServiceMessageType.CloseConnectionWithAck => Traced(new CloseConnectionWithAckMessage(reader.ReadText(), reader.ReadString(), reader.ReadInt32()), ref reader, left - 3),
            ServiceMessageType.CloseConnectionsWithAck => Traced(new CloseConnectionsWithAckMessage(reader.ReadString(), reader.ReadInt32(), reader.ReadTexts()), ref reader, left - 3),
            ServiceMessageType.CloseUserConnectionsWithAck => Traced(new CloseUserConnectionsWithAckMessage(reader.ReadText(), reader.ReadString(), reader.ReadInt32(), reader.ReadTexts()), ref reader, left - 4),
            ServiceMessageType.CloseGroupConnectionsWithAck => Traced(new CloseGroupConnectionsWithAckMessage(reader.ReadText(), reader.ReadString(), reader.ReadInt32(), reader.ReadTexts()), ref reader, left - 4),
            ServiceMessageType.ClientInvocation => Traced(new ClientInvocationMessage(reader.ReadText(), reader.ReadText(), reader.ReadText(), reader.ReadPayloads()), ref reader, left - 4),
            ServiceMessageType.ClientCompletion => Traced(new ClientCompletionMessage(reader.ReadText(), reader.ReadText(), reader.ReadText(), reader.ReadProtocolName(), reader.ReadBinary()), ref reader, left - 5),
            ServiceMessageType.ErrorCompletion => Traced(new ErrorCompletionMessage(reader.ReadText(), reader.ReadText(), reader.ReadText(), reader.ReadString() ?? string.Empty), ref reader, left - 4),
            ServiceMessageType.ServiceMapping => Traced(new ServiceMappingMessage(reader.ReadText(), reader.ReadText(), reader.ReadText()), ref reader, left - 3),
            ServiceMessageType.ConnectionReconnect => Traced(new ConnectionReconnectMessage(reader.ReadText()), ref reader, left - 1),
            _ => new UnknownMessage(type),
        };
    }

    /// <summary>The fewest fields behind the type number; what is missing behind them was not there in older versions.</summary>
    private static void Require(int type, int fields)
    {
        var required = type switch
        {
            ServiceMessageType.HandshakeRequest => 1,
            ServiceMessageType.HandshakeResponse => 1,
            ServiceMessageType.OpenConnection => 4,
            ServiceMessageType.CloseConnection => 2,
            ServiceMessageType.ConnectionData => 2,
            ServiceMessageType.MultiConnectionData or ServiceMessageType.UserData or ServiceMessageType.MultiUserData
                or ServiceMessageType.BroadcastData or ServiceMessageType.JoinGroup or ServiceMessageType.LeaveGroup
                or ServiceMessageType.MultiGroupBroadcastData or ServiceMessageType.UserJoinGroup or ServiceMessageType.UserLeaveGroup
                or ServiceMessageType.CheckGroupExistence or ServiceMessageType.CheckConnectionExistence
                or ServiceMessageType.CheckUserExistence or ServiceMessageType.AccessKeyRequest => 2,
            ServiceMessageType.GroupBroadcastData or ServiceMessageType.JoinGroupWithAck or ServiceMessageType.LeaveGroupWithAck
                or ServiceMessageType.Ack or ServiceMessageType.CheckUserInGroup or ServiceMessageType.UserJoinGroupWithAck
                or ServiceMessageType.UserLeaveGroupWithAck or ServiceMessageType.CloseConnectionWithAck
                or ServiceMessageType.CloseConnectionsWithAck or ServiceMessageType.ServiceMapping => 3,
            ServiceMessageType.ServiceEvent or ServiceMessageType.AccessKeyResponse or ServiceMessageType.CloseUserConnectionsWithAck
                or ServiceMessageType.CloseGroupConnectionsWithAck or ServiceMessageType.ClientInvocation
                or ServiceMessageType.ErrorCompletion => 4,
            ServiceMessageType.ClientCompletion => 5,
            ServiceMessageType.ServiceError or ServiceMessageType.ConnectionReconnect => 1,
            _ => 0,
        };
        if (fields < required)
        {
            throw new ProtocolViolationException($"A message of type {type} has {fields} fields; it needs {required}.");
        }
    }

    private static HandshakeRequestMessage ReadHandshakeRequest(ref MessagePackReader reader, int left)
    {
        var version = reader.ReadInt32();
        var kind = left > 1 ? (ServerConnectionKind)reader.ReadInt32() : ServerConnectionKind.Default;
        var target = left > 2 ? reader.ReadString() ?? string.Empty : string.Empty;
        var migration = left > 3 ? (MigrationLevel)reader.ReadInt32() : MigrationLevel.Off;
        var extensions = left > 4 ? MessageExtensions.Read(ref reader) : default;
        var stateful = left > 5 && reader.ReadBoolean();
        return new HandshakeRequestMessage(version, kind, target, migration, stateful) { TracingId = extensions.TracingId };
    }

    private static HandshakeResponseMessage ReadHandshakeResponse(ref MessagePackReader reader, int left)
    {
        var error = reader.ReadString();
        if (left > 1)
        {
            MessageExtensions.Read(ref reader);
        }

        return new HandshakeResponseMessage(error, left > 2 ? reader.ReadString() : null);
    }

    private static PingMessage ReadPing(ref MessagePackReader reader, int left)
    {
        var pairs = left < 2 ? [] : new KeyValuePair<string, string>[left / 2];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new(reader.ReadText(), reader.ReadString() ?? string.Empty);
        }

        // A last key without a value is no pair, but it has to be a text as well: pairs do not nest.
        if (left % 2 == 1)
        {
            reader.ReadText();
        }

        return pairs.Length == 0 ? PingMessage.KeepAlive : new PingMessage(pairs);
    }

    private static OpenConnectionMessage ReadOpenConnection(ref MessagePackReader reader, int left)
    {
        var connectionId = reader.ReadText();
        var claims = reader.ReadClaims();
        var headers = reader.ReadHeaders();
        var queryString = reader.ReadString() ?? string.Empty;
        var extensions = left > 4 ? MessageExtensions.Read(ref reader) : default;
        return new OpenConnectionMessage(connectionId, claims, headers, queryString, extensions.Protocol) { TracingId = extensions.TracingId };
    }

    private static CloseConnectionMessage ReadCloseConnection(ref MessagePackReader reader, int left)
    {
        var connectionId = reader.ReadText();
        var error = reader.ReadString();
        var headers = left > 2 ? reader.ReadHeaders() : [];
        return Traced(new CloseConnectionMessage(connectionId, error, headers), ref reader, left - 3);
    }

    private static ConnectionDataMessage ReadConnectionData(ref MessagePackReader reader, int left)
    {
        var connectionId = reader.ReadText();
        var payload = reader.ReadBinary();
        var extensions = left > 2 ? MessageExtensions.Read(ref reader) : default;
        return new ConnectionDataMessage(connectionId, payload, extensions.DataKind, extensions.IsPartial) { TracingId = extensions.TracingId };
    }

    private static GroupBroadcastDataMessage ReadGroupBroadcast(ref MessagePackReader reader, int left)
    {
        var group = reader.ReadText();
        var excluded = reader.ReadTexts();
        var payloads = reader.ReadPayloads();
        var extensions = left > 3 ? MessageExtensions.Read(ref reader) : default;
        var excludedUsers = left > 4 ? reader.ReadTexts() : [];
        var caller = left > 5 ? reader.ReadString() : null;
        return new GroupBroadcastDataMessage(group, excluded, payloads, excludedUsers, caller) { TracingId = extensions.TracingId };
    }

    private static UserJoinGroupMessage ReadUserJoinGroup(ref MessagePackReader reader, int left, bool withAck)
    {
        var user = reader.ReadText();
        var group = reader.ReadText();
        int? ackId = withAck ? reader.ReadInt32() : null;
        var extensions = left > (withAck ? 3 : 2) ? MessageExtensions.Read(ref reader) : default;
        return new UserJoinGroupMessage(user, group, extensions.Ttl, ackId) { TracingId = extensions.TracingId };
    }

    private static AckMessage ReadAck(ref MessagePackReader reader, int left)
    {
        var ackId = reader.ReadInt32();
        var status = (AckStatus)reader.ReadInt32();
        var message = reader.ReadString();
        var extensions = left > 3 ? MessageExtensions.Read(ref reader) : default;
        var payload = left > 4 && !reader.TryReadNil() ? reader.ReadBinary() : default;
        return new AckMessage(ackId, status, message, payload) { TracingId = extensions.TracingId };
    }

    /// <summary>Reads the extension map of a message that knows no key but the tracing id, if the map is there.</summary>
    private static T Traced<T>(T message, ref MessagePackReader reader, int left)
        where T : ServiceMessage
    {
        if (left > 0)
        {
            message.TracingId = MessageExtensions.Read(ref reader).TracingId;
        }

        return message;
    }
}
