using System.Buffers;
using MessagePack;
using Tandem.Protocols.Service.Tests.Support;

namespace Tandem.Protocols.Service.Tests;

public class MalformedInputTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public void A_message_that_ends_early_is_a_violation_wherever_it_ends(string name)
    {
        var body = GoldenFrames.All[name].Body;

        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(Frames.TryRead(body[..length], out var message, out _), $"{length} of {body.Length} bytes became {message}.");
        }
    }

    [Theory]
    [MemberData(nameof(GoldenFrames.Names), MemberType = typeof(GoldenFrames))]
    public async Task Any_byte_in_any_place_gives_a_message_or_a_violation(string name)
    {
        var body = GoldenFrames.All[name].Body;

        await Task.Run(
            () =>
            {
                for (var at = 0; at < body.Length; at++)
                {
                    var changed = body.ToArray();
                    // Every fourth value, others at the next place; together the frames see all values everywhere.
                    for (var value = at % 4; value < 256; value += 4)
                    {
                        changed[at] = (byte)value;
                        Frames.TryRead(changed, out _, out _);
                    }
                }
            },
            TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Damaged_bodies_give_a_message_or_a_violation(int seed)
    {
        var bodies = GoldenFrames.All.Values.Select(golden => golden.Body).ToArray();
        var read = 0;

        await Task.Run(
            () =>
            {
                var mutations = new Mutations(seed);
                for (var i = 0; i < 10_000; i++)
                {
                    var body = mutations.Next(bodies[i % bodies.Length], bodies[(i * 7 + seed) % bodies.Length]);
                    if (Frames.TryRead(body, out var message, out _))
                    {
                        read++;
                        // What was taken for a message is one: it can be described and, if known, written.
                        Assert.NotEmpty(MessageText.Of(message!));
                        if (message is not UnknownMessage)
                        {
                            ServiceProtocolWriter.WriteToArray(message!);
                        }
                    }
                }
            },
            TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);

        // Both ways are taken often, or the mutations prove nothing.
        Assert.InRange(read, 500, 9_500);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_damaged_stream_gives_frames_or_a_violation(int seed)
    {
        var stream = GoldenFrames.Stream;

        await Task.Run(
            () =>
            {
                var mutations = new Mutations(seed);
                for (var i = 0; i < 500; i++)
                {
                    var input = Segments.OfSize(mutations.Next(stream, stream), 1 + (i % 50));
                    try
                    {
                        while (!input.IsEmpty && ServiceFraming.TryRead(ref input, 4096, out var frame) == FrameReadResult.Frame)
                        {
                            Frames.TryRead(frame.ToArray(), out _, out _);
                        }
                    }
                    catch (ProtocolViolationException)
                    {
                        // A prefix that is none; the connection would end here.
                    }
                }
            },
            TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    public static TheoryData<string, byte[]> Headers
    {
        get
        {
            // Every kind of 32-bit header, with the counts where a sign or a multiplication could slip.
            var headers = new TheoryData<string, byte[]>();
            foreach (var (kind, code) in new[] { ("array", 0xDD), ("map", 0xDF), ("text", 0xDB), ("binary", 0xC6), ("extension", 0xC9) })
            {
                foreach (var count in new[] { 0x00FF_FFFFu, 0x3FFF_FFFFu, 0x7FFF_FFFFu, 0x8000_0000u, 0x8000_0001u, 0xFFFF_FF00u, 0xFFFF_FFFEu, 0xFFFF_FFFFu })
                {
                    headers.Add($"{kind} of {count}", [(byte)code, (byte)(count >> 24), (byte)(count >> 16), (byte)(count >> 8), (byte)count]);
                }
            }

            foreach (var (kind, code) in new[] { ("array", 0xDC), ("map", 0xDE), ("text", 0xDA), ("binary", 0xC5), ("extension", 0xC8) })
            {
                headers.Add($"{kind} of 65535", [(byte)code, 0xFF, 0xFF]);
            }

            return headers;
        }
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_header_that_announces_more_than_there_is_costs_nothing(string what, byte[] header)
    {
        // Before every byte of every frame, so in place of every value.
        foreach (var golden in GoldenFrames.All.Values)
        {
            var body = golden.Body;
            for (var at = 0; at < body.Length; at++)
            {
                byte[] changed = [.. body[..at], .. header, .. body[at..]];
                var before = GC.GetAllocatedBytesForCurrentThread();
                Frames.TryRead(changed, out _, out _);
                var spent = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(spent < 64 * 1024, $"{what} at {at} of {golden.Name} allocated {spent} bytes.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_header_that_announces_more_than_there_is_is_never_skipped_over(string what, byte[] header)
    {
        byte[] start = [.. Pack.Body(6, "c", "D"u8.ToArray(), Pack.Map())[..^1]];

        // As the value of an unknown key, inside one, and as the map itself.
        Assert.False(Frames.TryRead([.. start, 0x81, 99, .. header], out _, out _), what);
        Assert.False(Frames.TryRead([.. start, 0x81, 99, .. header, 1, 2, 3], out _, out _), what);
        Assert.False(Frames.TryRead([.. start, 0x82, 99, 0x91, .. header, 6, 0xC3], out _, out _), what);
        Assert.False(Frames.TryRead([.. start, .. header], out _, out _), what);
        Assert.False(Frames.TryRead([.. start, .. header, 1, 2, 3, 4], out _, out _), what);
    }

    [Theory]
    [InlineData(0x91)]
    [InlineData(0x81)]
    public async Task Deep_nesting_is_skipped_or_refused_without_using_the_stack(byte level)
    {
        const int Depth = 100_000;
        // Each map level holds a key and goes on in its value.
        var nested = Enumerable.Repeat(level == 0x91 ? [level] : new byte[] { level, 1 }, Depth).SelectMany(bytes => bytes).ToArray();
        byte[] start = [.. Pack.Body(6, "c", "D"u8.ToArray(), Pack.Map())[..^1]];

        await Task.Run(
            () =>
            {
                Assert.True(Frames.TryRead([.. start, 0x82, 99, .. nested, 0xC0, 6, 0xC3], out var message, out _));
                Assert.True(Assert.IsType<ConnectionDataMessage>(message).IsPartial);
                Assert.False(Frames.TryRead([.. start, 0x81, 99, .. nested], out _, out _));
                // As a key, at the top, and in place of each field.
                Assert.True(Frames.TryRead([.. start, 0x81, .. nested, 0xC0, 0xC0], out _, out _));
                Assert.False(Frames.TryRead([.. nested, 0xC0], out _, out _));
                foreach (var golden in GoldenFrames.All.Values)
                {
                    var body = golden.Body;
                    for (var at = 1; at < body.Length; at++)
                    {
                        Frames.TryRead([.. body[..at], .. nested.AsSpan(0, 2000), 0xC0], out _, out _);
                    }
                }
            },
            TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Wide_nesting_is_skipped_in_one_pass()
    {
        // 6,000 arrays of 15 beside each other in one: counts add up, and nothing is visited twice.
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(4);
        writer.Write(6);
        writer.Write("c");
        writer.Write("D"u8);
        writer.WriteMapHeader(2);
        writer.Write(99);
        writer.WriteArrayHeader(6_000);
        for (var i = 0; i < 6_000; i++)
        {
            writer.WriteArrayHeader(15);
            for (var j = 0; j < 15; j++)
            {
                writer.WriteNil();
            }
        }

        writer.Write(6);
        writer.Write(true);
        writer.Flush();

        Assert.True(Assert.IsType<ConnectionDataMessage>(ServiceProtocolReader.Read(buffer.WrittenMemory)).IsPartial);
    }

    [Fact]
    public void Text_that_is_not_UTF_8_is_read_with_replacement_characters()
    {
        var body = Pack.Body(6, Pack.Raw(0xA2, 0xC3, 0x28), "D"u8.ToArray(), Pack.Map());

        Assert.Equal("\uFFFD(", Assert.IsType<ConnectionDataMessage>(ServiceProtocolReader.Read(body)).ConnectionId);
    }

    [Fact]
    public void A_violation_says_why_and_does_not_quote_what_was_sent()
    {
        var violation = Assert.Throws<ProtocolViolationException>(() => ServiceProtocolReader.Read(Pack.Body(18, "secret-id", 5, 5)));

        Assert.DoesNotContain("secret", violation.ToString(), StringComparison.Ordinal);
        Assert.NotNull(violation.InnerException);
    }
}
