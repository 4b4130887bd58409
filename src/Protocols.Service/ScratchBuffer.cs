using System.Buffers;

namespace Tandem.Protocols.Service;

/// <summary>A growing buffer that one thread writes a message into before its length is known.</summary>
internal sealed class ScratchBuffer : IBufferWriter<byte>
{
    private const int KeptBytes = 64 * 1024;

    private byte[] _buffer = new byte[512];
    private int _written;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _written);

    public void Clear() => _written = 0;

    /// <summary>Gives a buffer back that one large message made large.</summary>
    public void Trim()
    {
        _written = 0;
        if (_buffer.Length > KeptBytes)
        {
            _buffer = new byte[512];
        }
    }

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Ensure(sizeHint);
        return _buffer.AsSpan(_written);
    }

    private void Ensure(int sizeHint)
    {
        var needed = _written + Math.Max(sizeHint, 1);
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(needed, _buffer.Length * 2));
        }
    }
}
