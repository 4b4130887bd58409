using System.Buffers;
using System.IO.Pipelines;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>
/// The hub's way to its client: every flush becomes one connection data message of the client's server connection, at once.
/// There is no pipe and no loop in between, so what a hub writes to a client directly keeps its order with what it sends
/// through <c>Clients</c>.
/// </summary>
/// <remarks>One writer at a time, as with any pipe writer; hubs write under a lock of the connection.</remarks>
internal sealed class VirtualConnectionOutput(string connectionId, ServerConnectionClient server, bool swallowHandshake) : PipeWriter
{
    private const byte RecordSeparator = 0x1e;
    private const int StartBytes = 512;

    private byte[] _buffer = [];
    private int _length;
    private bool _swallowHandshake = swallowHandshake;
    private volatile bool _discard;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    /// <summary>From here on nothing is sent: the client is gone or belongs to another app server.</summary>
    public void Discard() => _discard = true;

    public override void Advance(int bytes) => _length += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_length == 0)
        {
            return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: _discard));
        }

        // Sending copies the bytes before it returns.
        var sent = SendAsync(new ReadOnlyMemory<byte>(_buffer, 0, _length));
        Release();
        return sent;
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_length == 0)
        {
            return SendAsync(source);
        }

        this.Write(source.Span);
        return FlushAsync(cancellationToken);
    }

    // A waiting flush ends when the socket has taken the bytes or is gone; there is nothing to cancel.
    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
        Discard();
        Release();
    }

    private ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_swallowHandshake)
        {
            bytes = WithoutHandshake(bytes);
        }

        if (_discard || bytes.IsEmpty)
        {
            return ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: _discard));
        }

        var written = server.WriteConnectionDataAsync(connectionId, new ReadOnlySequence<byte>(bytes));
        return written.IsCompletedSuccessfully
            ? ValueTask.FromResult(new FlushResult(isCanceled: false, isCompleted: !written.Result))
            : AwaitAsync(written);
    }

    private static async ValueTask<FlushResult> AwaitAsync(ValueTask<bool> written) =>
        new(isCanceled: false, isCompleted: !await written.ConfigureAwait(false));

    /// <summary>A client that moved here has had its handshake answered by the app server it came from.</summary>
    private ReadOnlyMemory<byte> WithoutHandshake(ReadOnlyMemory<byte> bytes)
    {
        var end = bytes.Span.IndexOf(RecordSeparator);
        if (end < 0)
        {
            return default;
        }

        _swallowHandshake = false;
        return bytes[(end + 1)..];
    }

    private void Reserve(int sizeHint)
    {
        var needed = checked(_length + Math.Max(sizeHint, 1));
        if (needed <= _buffer.Length)
        {
            return;
        }

        // One owner, returned right after sending: such a buffer may be pooled.
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(StartBytes, _buffer.Length)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        var length = _length;
        Release();
        _buffer = larger;
        _length = length;
    }

    private void Release()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        _length = 0;
    }
}
