using System.Buffers;

namespace Tandem.Protocols.Service.Tests.Support;

/// <summary>Byte sequences in as many pieces as a test likes.</summary>
internal static class Segments
{
    public static ReadOnlySequence<byte> Of(params ReadOnlyMemory<byte>[] pieces)
    {
        var first = new Segment(pieces[0], 0);
        var last = first;
        foreach (var piece in pieces.Skip(1))
        {
            last = last.Append(piece);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    /// <summary>Pieces of <paramref name="size"/> bytes, the last one shorter.</summary>
    public static ReadOnlySequence<byte> OfSize(ReadOnlyMemory<byte> bytes, int size)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        for (var start = 0; start < bytes.Length; start += size)
        {
            pieces.Add(bytes.Slice(start, Math.Min(size, bytes.Length - start)));
        }

        return pieces.Count == 0 ? ReadOnlySequence<byte>.Empty : Of([.. pieces]);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
