using System.Buffers;
using System.Text;
using MessagePack;

namespace Tandem.Protocols.Service;

/// <summary>Writes service messages as frames, length prefix included, byte for byte as SDK 1.25 does.</summary>
public static partial class ServiceProtocolWriter
{
    [ThreadStatic]
    private static ScratchBuffer? Scratch;

    /// <summary>Writes one message.</summary>
    /// <exception cref="ArgumentException">An <see cref="UnknownMessage"/>, or a class that is no message of the protocol.</exception>
    public static void Write(ServiceMessage message, IBufferWriter<byte> output)
    {
        if (message is ConnectionDataMessage { Kind: ConnectionDataKind.Unknown, IsPartial: false, TracingId: null } data)
        {
            WriteConnectionData(data.ConnectionId, new ReadOnlySequence<byte>(data.Payload), output);
            return;
        }

        var scratch = Scratch ??= new ScratchBuffer();
        scratch.Clear();
        var writer = new MessagePackWriter(scratch);
        WriteMessage(message, ref writer);
        writer.Flush();

        var body = scratch.Written;
        var span = output.GetSpan(ServiceFraming.MaxPrefixBytes);
        output.Advance(ServiceFraming.WritePrefix(body.Length, span));
        output.Write(body);
        scratch.Trim();
    }

    /// <summary>Writes a message into an array of its own.</summary>
    public static byte[] WriteToArray(ServiceMessage message)
    {
        var buffer = new ScratchBuffer();
        Write(message, buffer);
        return buffer.Written.ToArray();
    }

    /// <summary>Writes a plain connection data message, the most frequent one, in one pass and without an object.</summary>
    public static void WriteConnectionData(string connectionId, in ReadOnlySequence<byte> payload, IBufferWriter<byte> output)
    {
        var idBytes = Encoding.UTF8.GetByteCount(connectionId);
        var payloadBytes = checked((int)payload.Length);
        var bodyBytes = checked(2 + TextHeaderSize(idBytes) + idBytes + BinaryHeaderSize(payloadBytes) + payloadBytes + 1);

        var span = output.GetSpan(ServiceFraming.PrefixSize(bodyBytes) + 2);
        var prefix = ServiceFraming.WritePrefix(bodyBytes, span);
        output.Advance(prefix);

        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(4);
        writer.Write(ServiceMessageType.ConnectionData);
        writer.Write(connectionId);
        writer.WriteBinHeader(payloadBytes);
        foreach (var segment in payload)
        {
            writer.WriteRaw(segment.Span);
        }

        writer.WriteMapHeader(0);
        writer.Flush();
    }

    private static int TextHeaderSize(int bytes) => bytes switch { < 32 => 1, < 256 => 2, < 65536 => 3, _ => 5 };

    private static int BinaryHeaderSize(int bytes) => bytes switch { < 256 => 2, < 65536 => 3, _ => 5 };

    private static void WriteMessage(ServiceMessage message, ref MessagePackWriter writer)
    {
        var traced = new MessageExtensions { TracingId = message.TracingId };
        switch (message)
        {
            case HandshakeRequestMessage m:
                Begin(ref writer, m.AllowStatefulReconnects ? 7 : 6, ServiceMessageType.HandshakeRequest);
                writer.Write(m.Version);
                writer.Write((int)m.Kind);
                writer.Write(m.Target);
                writer.Write((int)m.MigrationLevel);
                WriteNoExtensions(ref writer);
                if (m.AllowStatefulReconnects)
                {
                    writer.Write(true);
                }

                break;
            case HandshakeResponseMessage m:
                Begin(ref writer, 4, ServiceMessageType.HandshakeResponse);
                writer.Write(m.Error ?? string.Empty);
                WriteNoExtensions(ref writer);
                writer.Write(m.ConnectionId);
                break;
            case PingMessage m:
                Begin(ref writer, 1 + (2 * m.Pairs.Count), ServiceMessageType.Ping);
                foreach (var pair in m.Pairs)
                {
                    writer.Write(pair.Key);
                    writer.Write(pair.Value);
                }

                break;
            case OpenConnectionMessage m:
                Begin(ref writer, 6, ServiceMessageType.OpenConnection);
                writer.Write(m.ConnectionId);
                WriteClaims(ref writer, m.Claims);
                WriteHeaders(ref writer, m.Headers);
                writer.Write(m.QueryString);
                new MessageExtensions { TracingId = m.TracingId, Protocol = m.Protocol }.Write(ref writer);
                break;
            case CloseConnectionMessage m:
                Begin(ref writer, 5, ServiceMessageType.CloseConnection);
                writer.Write(m.ConnectionId);
                writer.Write(m.Error ?? string.Empty);
                WriteHeaders(ref writer, m.Headers);
                traced.Write(ref writer);
                break;
            case ConnectionDataMessage m:
                Begin(ref writer, 4, ServiceMessageType.ConnectionData);
                writer.Write(m.ConnectionId);
                writer.Write(m.Payload.Span);
                new MessageExtensions { TracingId = m.TracingId, DataKind = m.Kind, IsPartial = m.IsPartial }.Write(ref writer);
                break;
            case MultiConnectionDataMessage m:
                Begin(ref writer, 4, ServiceMessageType.MultiConnectionData);
                WriteTexts(ref writer, m.ConnectionIds);
                WritePayloads(ref writer, m.Payloads);
                traced.Write(ref writer);
                break;
            case UserDataMessage m:
                Begin(ref writer, 4, ServiceMessageType.UserData);
                writer.Write(m.UserId);
                WritePayloads(ref writer, m.Payloads);
                traced.Write(ref writer);
                break;
            case MultiUserDataMessage m:
                Begin(ref writer, 4, ServiceMessageType.MultiUserData);
                WriteTexts(ref writer, m.UserIds);
                WritePayloads(ref writer, m.Payloads);
                traced.Write(ref writer);
                break;
            case BroadcastDataMessage m:
                Begin(ref writer, 4, ServiceMessageType.BroadcastData);
                WriteTexts(ref writer, m.ExcludedConnectionIds);
                WritePayloads(ref writer, m.Payloads);
                traced.Write(ref writer);
                break;
            case JoinGroupMessage m:
                WriteMembership(ref writer, m.AckId, ServiceMessageType.JoinGroup, ServiceMessageType.JoinGroupWithAck, m.ConnectionId, m.GroupName, traced);
                break;
            case LeaveGroupMessage m:
                WriteMembership(ref writer, m.AckId, ServiceMessageType.LeaveGroup, ServiceMessageType.LeaveGroupWithAck, m.ConnectionId, m.GroupName, traced);
                break;
            case GroupBroadcastDataMessage m:
                Begin(ref writer, 7, ServiceMessageType.GroupBroadcastData);
                writer.Write(m.GroupName);
                WriteTexts(ref writer, m.ExcludedConnectionIds);
                WritePayloads(ref writer, m.Payloads);
                traced.Write(ref writer);
                WriteTexts(ref writer, m.ExcludedUserIds);
                writer.Write(m.CallerUserId);
                break;
            case MultiGroupBroadcastDataMessage m:
                Begin(ref writer, 4, ServiceMessageType.MultiGroupBroadcastData);
                WriteTexts(ref writer, m.GroupNames);
                WritePayloads(ref writer, m.Payloads);
                traced.Write(ref writer);
                break;
            case ServiceErrorMessage m:
                Begin(ref writer, 2, ServiceMessageType.ServiceError);
                writer.Write(m.ErrorMessage);
                break;
            case UserJoinGroupMessage m:
                WriteMembership(
                    ref writer, m.AckId, ServiceMessageType.UserJoinGroup, ServiceMessageType.UserJoinGroupWithAck, m.UserId, m.GroupName,
                    new MessageExtensions { TracingId = m.TracingId, Ttl = m.TtlSeconds });
                break;
            case UserLeaveGroupMessage m:
                WriteMembership(ref writer, m.AckId, ServiceMessageType.UserLeaveGroup, ServiceMessageType.UserLeaveGroupWithAck, m.UserId, m.GroupName, traced);
                break;
            case AckMessage m:
                Begin(ref writer, m.Payload.IsEmpty ? 5 : 6, ServiceMessageType.Ack);
                writer.Write(m.AckId);
                writer.Write((int)m.Status);
                writer.Write(m.Message);
                WriteNoExtensions(ref writer);
                if (!m.Payload.IsEmpty)
                {
                    writer.Write(m.Payload.Span);
                }

                break;
            case CheckUserInGroupMessage m:
                Begin(ref writer, 5, ServiceMessageType.CheckUserInGroup);
                writer.Write(m.UserId);
                writer.Write(m.GroupName);
                writer.Write(m.AckId);
                traced.Write(ref writer);
                break;
            case ServiceEventMessage m:
                Begin(ref writer, 6, ServiceMessageType.ServiceEvent);
                writer.Write(m.ObjectType);
                writer.Write(m.ObjectId);
                writer.Write(m.Kind);
                writer.Write(m.Message);
                WriteNoExtensions(ref writer);
                break;
            case CheckGroupExistenceMessage m:
                WriteQuestion(ref writer, ServiceMessageType.CheckGroupExistence, m.GroupName, m.AckId, traced);
                break;
            case CheckConnectionExistenceMessage m:
                WriteQuestion(ref writer, ServiceMessageType.CheckConnectionExistence, m.ConnectionId, m.AckId, traced);
                break;
            case CheckUserExistenceMessage m:
                WriteQuestion(ref writer, ServiceMessageType.CheckUserExistence, m.UserId, m.AckId, traced);
                break;
            case AccessKeyRequestMessage m:
                Begin(ref writer, 4, ServiceMessageType.AccessKeyRequest);
                writer.Write(m.Token);
                writer.Write(m.KeyId);
                WriteNoExtensions(ref writer);
                break;
            case AccessKeyResponseMessage m:
                Begin(ref writer, 6, ServiceMessageType.AccessKeyResponse);
                writer.Write(m.KeyId);
                writer.Write(m.AccessKey);
                writer.Write(m.ErrorType);
                writer.Write(m.ErrorMessage);
                WriteNoExtensions(ref writer);
                break;
            case CloseConnectionWithAckMessage m:
                Begin(ref writer, 5, ServiceMessageType.CloseConnectionWithAck);
                writer.Write(m.ConnectionId);
                writer.Write(m.Reason);
                writer.Write(m.AckId);
                traced.Write(ref writer);
                break;
            case CloseConnectionsWithAckMessage m:
                Begin(ref writer, 5, ServiceMessageType.CloseConnectionsWithAck);
                WriteCloseMany(ref writer, m.Reason, m.AckId, m.ExcludedConnectionIds, traced);
                break;
            case CloseUserConnectionsWithAckMessage m:
                Begin(ref writer, 6, ServiceMessageType.CloseUserConnectionsWithAck);
                writer.Write(m.UserId);
                WriteCloseMany(ref writer, m.Reason, m.AckId, m.ExcludedConnectionIds, traced);
                break;
            case CloseGroupConnectionsWithAckMessage m:
                Begin(ref writer, 6, ServiceMessageType.CloseGroupConnectionsWithAck);
                writer.Write(m.GroupName);
                WriteCloseMany(ref writer, m.Reason, m.AckId, m.ExcludedConnectionIds, traced);
                break;
            case ClientInvocationMessage m:
                Begin(ref writer, 6, ServiceMessageType.ClientInvocation);
                writer.Write(m.InvocationId);
                writer.Write(m.ConnectionId);
                writer.Write(m.CallerServerId);
                WritePayloads(ref writer, m.Payloads);
                traced.Write(ref writer);
                break;
            case ClientCompletionMessage m:
                Begin(ref writer, 7, ServiceMessageType.ClientCompletion);
                writer.Write(m.InvocationId);
                writer.Write(m.ConnectionId);
                writer.Write(m.CallerServerId);
                writer.Write(m.Protocol);
                writer.Write(m.Payload.Span);
                new MessageExtensions { TracingId = m.TracingId, Protocol = m.Protocol }.Write(ref writer);
                break;
            case ErrorCompletionMessage m:
                Begin(ref writer, 6, ServiceMessageType.ErrorCompletion);
                writer.Write(m.InvocationId);
                writer.Write(m.ConnectionId);
                writer.Write(m.CallerServerId);
                writer.Write(m.Error);
                traced.Write(ref writer);
                break;
            case ServiceMappingMessage m:
                Begin(ref writer, 5, ServiceMessageType.ServiceMapping);
                writer.Write(m.InvocationId);
                writer.Write(m.ConnectionId);
                writer.Write(m.InstanceId);
                WriteNoExtensions(ref writer);
                break;
            case ConnectionReconnectMessage m:
                Begin(ref writer, 3, ServiceMessageType.ConnectionReconnect);
                writer.Write(m.ConnectionId);
                WriteNoExtensions(ref writer);
                break;
            default:
                throw new ArgumentException($"A {message.GetType().Name} cannot be written.", nameof(message));
        }
    }
}
