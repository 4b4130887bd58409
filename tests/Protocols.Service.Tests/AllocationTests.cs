using System.Buffers;
using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class AllocationTests
{
    private const int Messages = 1_000;

    [Theory]
    [InlineData(10, 1)]
    [InlineData(36, 200)]
    [InlineData(200, 70_000)]
    public void Reading_plain_connection_data_allocates_nothing(int idBytes, int payloadBytes)
    {
        var body = Frames.Body(ServiceProtocolWriter.WriteToArray(new ConnectionDataMessage(new string('i', idBytes), new byte[payloadBytes])));
        var seen = 0L;

        var allocated = AllocatedBy(() =>
        {
            if (ServiceProtocolReader.TryReadConnectionData(body, out var id, out var payload))
            {
                seen += id.Length + payload.Length;
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(2L * Messages * (idBytes + payloadBytes), seen);
    }

    [Theory]
    [InlineData("i", 1, int.MaxValue)]
    [InlineData("0123456789abcdef0123456789abcdef0123", 200, int.MaxValue)]
    [InlineData("Grüße-日本語-👍", 70_000, 4096)]
    public void Writing_plain_connection_data_allocates_nothing(string id, int payloadBytes, int pieceSize)
    {
        var payload = Segments.OfSize(new byte[payloadBytes], pieceSize);
        var output = new ArrayBufferWriter<byte>(payloadBytes + 4096);

        var allocated = AllocatedBy(() =>
        {
            output.ResetWrittenCount();
            ServiceProtocolWriter.WriteConnectionData(id, payload, output);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Writing_a_message_object_allocates_nothing_but_the_object()
    {
        var output = new ArrayBufferWriter<byte>(4096);
        var messages = GoldenFrames.All.Values.Select(golden => golden.Message).Where(message => message is not PingMessage { Pairs.Count: > 0 }).ToArray();
        foreach (var message in messages)
        {
            var allocated = AllocatedBy(() =>
            {
                output.ResetWrittenCount();
                ServiceProtocolWriter.Write(message, output);
            });

            // Lists are seen through interfaces, so walking claims or headers takes an enumerator.
            Assert.InRange(allocated, 0, message is OpenConnectionMessage or CloseConnectionMessage or PingMessage ? 200L * Messages : 0);
        }
    }

    [Fact]
    public void Taking_a_frame_off_the_input_allocates_nothing()
    {
        var stream = GoldenFrames.Stream;
        var frames = 0;

        var allocated = AllocatedBy(() =>
        {
            var input = new ReadOnlySequence<byte>(stream);
            while (ServiceFraming.TryRead(ref input, 4096, out _) == FrameReadResult.Frame)
            {
                frames++;
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(2 * Messages * GoldenFrames.All.Count, frames);
    }

    /// <summary>What this thread allocates for many calls, after as many that do not count.</summary>
    private static long AllocatedBy(Action action)
    {
        for (var i = 0; i < Messages; i++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Messages; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
