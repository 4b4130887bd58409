using CsCheck;

namespace Tandem.Transports.Tests;

public class InboundBufferTests
{
    [Fact]
    public void Bytes_come_out_as_they_went_in_however_they_are_cut()
    {
        var gen = Gen.Select(Gen.Int[1, 9000], Gen.Int[0, 9000]).List[1, 30];
        gen.Sample(steps =>
        {
            using var buffer = new InboundBuffer();
            byte next = 0;
            byte expected = 0;
            foreach (var (write, read) in steps)
            {
                var room = buffer.GetMemory(write);
                Assert.True(room.Length >= write);
                for (var i = 0; i < write; i++)
                {
                    room.Span[i] = next++;
                }

                buffer.Advance(write);
                var take = Math.Min(read, buffer.Written.Length);
                foreach (var value in buffer.Written.Span[..take])
                {
                    Assert.Equal(expected++, value);
                }

                buffer.Consume(take);
            }
        }, iter: 200);
    }

    [Fact]
    public void What_was_examined_moves_with_the_bytes()
    {
        using var buffer = new InboundBuffer();
        buffer.GetMemory(10);
        buffer.Advance(10);
        buffer.Examined = 7;
        buffer.Consume(3);
        Assert.Equal(4, buffer.Examined);
        buffer.Consume(5);
        Assert.Equal(0, buffer.Examined);
        buffer.Examined = 2;
        buffer.Consume(2);
        Assert.Equal(0, buffer.Examined);
    }

    [Fact]
    public void An_emptied_buffer_holds_nothing()
    {
        using var buffer = new InboundBuffer();
        buffer.GetMemory(10);
        buffer.Advance(10);
        buffer.Consume(10);
        Assert.True(buffer.Written.IsEmpty);
        Assert.True(buffer.GetMemory(1).Length >= 1);
    }
}
