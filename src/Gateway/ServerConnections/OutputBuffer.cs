using System.Buffers;

namespace Tandem.Gateway.ServerConnections;

/// <summary>A growing buffer with one owner at a time. Its memory is rented with the first byte and given back when it is cleared.</summary>
internal sealed class OutputBuffer : IBufferWriter<byte>
{
    private const int FirstBytes = 4096;

    private byte[] _buffer = [];

    /// <summary>Bytes written.</summary>
    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Count);

    /// <summary>Forgets everything behind the first <paramref name="count"/> bytes.</summary>
    public void Truncate(int count) => Count = count;

    public void Clear()
    {
        Count = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    public void Advance(int count) => Count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsSpan(Count);
    }

    private void Ensure(int sizeHint)
    {
        var needed = checked(Count + Math.Max(sizeHint, 1));
        if (needed <= _buffer.Length)
        {
            return;
        }

        var doubled = (int)Math.Min(2L * _buffer.Length, Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, doubled), FirstBytes));
        Written.CopyTo(larger);
        var count = Count;
        Clear();
        _buffer = larger;
        Count = count;
    }
}
