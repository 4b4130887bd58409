using System.Buffers;

namespace Tandem.Protocols.Service.Tests.Support;

/// <summary>What a connection's read loop does with its input, without the connection.</summary>
internal static class Frames
{
    /// <summary>A frame without its length prefix.</summary>
    public static byte[] Body(byte[] frame)
    {
        var input = new ReadOnlySequence<byte>(frame);
        Assert.Equal(FrameReadResult.Frame, ServiceFraming.TryRead(ref input, int.MaxValue, out var body));
        Assert.True(input.IsEmpty);
        return body.ToArray();
    }

    /// <summary>Takes all complete frames off the input and reads their messages.</summary>
    public static List<ServiceMessage> ReadAll(ref ReadOnlySequence<byte> input)
    {
        var messages = new List<ServiceMessage>();
        while (ServiceFraming.TryRead(ref input, int.MaxValue, out var frame) == FrameReadResult.Frame)
        {
            messages.Add(ServiceProtocolReader.Read(frame.IsSingleSegment ? frame.First : frame.ToArray()));
        }

        return messages;
    }

    /// <summary>Whether the body is a message; anything but an answer or a violation fails the test.</summary>
    public static bool TryRead(byte[] body, out ServiceMessage? message, out Exception? cause)
    {
        cause = null;
        try
        {
            message = ServiceProtocolReader.Read(body);
            return true;
        }
        catch (ProtocolViolationException violation)
        {
            message = null;
            cause = violation.InnerException;
            return false;
        }
    }
}
