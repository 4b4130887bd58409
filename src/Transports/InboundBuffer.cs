using System.Buffers;

namespace Tandem.Transports;

/// <summary>
/// Bytes received from one client that are not a whole message yet. Holds a pooled array only while there are such bytes: an idle
/// connection holds none.
/// </summary>
public sealed class InboundBuffer : IDisposable
{
    private const int InitialBytes = 4096;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>The bytes that wait. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(_start, _end - _start);

    /// <summary>How many of them the reader has looked at already and need not look at again.</summary>
    public int Examined { get; set; }

    /// <summary>Room behind them, at least <paramref name="bytes"/> large.</summary>
    public Memory<byte> GetMemory(int bytes)
    {
        var length = _end - _start;
        if (_buffer.Length - _end < bytes)
        {
            if (_start > 0 && _buffer.Length - length >= bytes)
            {
                _buffer.AsSpan(_start, length).CopyTo(_buffer);
            }
            else
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(InitialBytes, Math.Max(length + bytes, length * 2)));
                _buffer.AsSpan(_start, length).CopyTo(larger);
                Return();
                _buffer = larger;
            }

            _start = 0;
            _end = length;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes were written into the room.</summary>
    public void Advance(int bytes) => _end += bytes;

    /// <summary>So many bytes at the front are done with.</summary>
    public void Consume(int bytes)
    {
        _start += bytes;
        Examined = Math.Max(0, Examined - bytes);
        if (_start == _end)
        {
            Dispose();
        }
    }

    /// <summary>Drops everything and gives the array back.</summary>
    public void Dispose()
    {
        Return();
        _buffer = [];
        _start = 0;
        _end = 0;
        Examined = 0;
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
