using MessagePack;
using Tandem.Protocols.Service;

namespace Tandem.Gateway.ServerConnections;

/// <summary>What the first bytes of a frame tell when the frame as a whole cannot be read.</summary>
internal static class FrameHead
{
    private const int ConnectionData = 6;
    private const int ClientInvocation = 34;
    private const int ClientCompletion = 35;

    /// <summary>Whether this looks like a service message at all: an array that begins with a type number.</summary>
    public static bool TryReadType(ReadOnlyMemory<byte> head, out int type)
    {
        type = 0;
        var reader = new MessagePackReader(head);
        try
        {
            if (reader.NextMessagePackType != MessagePackType.Array || !reader.TryReadArrayHeader(out var count) || count == 0)
            {
                return false;
            }

            type = reader.ReadInt32();
            return true;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return false;
        }
    }

    /// <summary>The client a connection data message is for; null for any other message.</summary>
    public static string? ReadConnectionId(ReadOnlyMemory<byte> head) =>
        ReadTexts(head, ConnectionData, 1) is [var connectionId] ? connectionId : null;

    /// <summary>The answer to a client invocation that cannot be passed on; null for any other message.</summary>
    public static ErrorCompletionMessage? ReadFailedInvocation(ReadOnlyMemory<byte> head, string error) =>
        ReadTexts(head, ClientInvocation, 3) is [var invocationId, var connectionId, var callerServerId]
            ? new ErrorCompletionMessage(invocationId, connectionId, callerServerId, error)
            : null;

    /// <summary>The question that a client completion answers; null for any other message.</summary>
    public static string? ReadAnsweredInvocation(ReadOnlyMemory<byte> head) =>
        ReadTexts(head, ClientCompletion, 1) is [var invocationId] ? invocationId : null;

    private static string[]? ReadTexts(ReadOnlyMemory<byte> head, int type, int count)
    {
        var reader = new MessagePackReader(head);
        try
        {
            if (reader.ReadArrayHeader() <= count || reader.ReadInt32() != type)
            {
                return null;
            }

            var texts = new string[count];
            for (var i = 0; i < count; i++)
            {
                texts[i] = reader.ReadString() ?? string.Empty;
            }

            return texts;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return null;
        }
    }

    private static bool IsUnreadable(Exception exception) =>
        exception is MessagePackSerializationException or EndOfStreamException or OverflowException or InvalidOperationException;
}
