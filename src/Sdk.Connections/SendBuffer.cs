using System.Buffers;

namespace Tandem.Sdk.Connections;

/// <summary>A growing buffer that messages are encoded into back to back.</summary>
internal sealed class SendBuffer : IBufferWriter<byte>
{
    private const int StartBytes = 4 * 1024;
    private const int KeptBytes = 256 * 1024;

    private byte[] _bytes = new byte[StartBytes];

    public int Length { get; private set; }

    public ArraySegment<byte> Written => new(_bytes, 0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    /// <summary>Takes back what was written beyond <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Empties it; a buffer that one burst made large is not kept.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[StartBytes];
        }
    }

    private void Reserve(int sizeHint)
    {
        var needed = checked(Length + Math.Max(sizeHint, 1));
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(needed, Math.Min(2L * _bytes.Length, int.MaxValue / 2)));
        }
    }
}
