using System.Text;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Messages;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>
/// The last messages handed to the transports of one connection, in the order of sending, as references to frames that others share. A client
/// that comes back names the last message it saw, and gets what followed.
/// </summary>
/// <remarks>
/// Cursors are compared for equality only: two app servers race into a queue, so that their numbers need not ascend. The cursor of the last
/// message that was released is remembered: a client that saw that one has lost nothing.
/// </remarks>
internal sealed class ReplayBuffer(int maxBytes, int maxMessages, ReplayBudget budget)
{
    private readonly Lock _lock = new();
    private readonly byte[] _released = new byte[ClassicCursors.Length];
    private Entry[] _ring = [];
    private int _head;
    private int _count;
    private long _bytes;
    private bool _closed;

    /// <summary>Bytes held now.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Messages held now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Forgets everything: the client begins anew, behind this cursor.</summary>
    public void Begin(ReadOnlySpan<byte> cursor)
    {
        lock (_lock)
        {
            Release(_count);
            cursor.CopyTo(_released);
        }
    }

    /// <summary>Keeps a message that is being handed to a transport.</summary>
    /// <param name="frame">A message frame.</param>
    /// <param name="now">The time; see <see cref="ReleaseOlder"/>.</param>
    public void Add(Frame frame, long now)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            Grow();
            _ring[(_head + _count) % _ring.Length] = new Entry(frame, now);
            _count++;
            Account(frame.Bytes.Length);
            while (_count > 1 && (_bytes > maxBytes || _count > maxMessages))
            {
                Release(1);
            }

            if (budget.IsExceeded)
            {
                Release(_count - 1);
            }
        }
    }

    /// <summary>The cursor of the newest message that was handed to a transport.</summary>
    public byte[] LastCursor()
    {
        lock (_lock)
        {
            return _count == 0 ? [.. _released] : ClassicFrame.Cursor(EntryAt(_count - 1).Frame.Bytes.Span).ToArray();
        }
    }

    /// <summary>Takes out all that follows a cursor, and releases what it acknowledges. False when it is not known here: something is lost.</summary>
    public bool TryTakeAfter(string cursor, out Frame[] frames)
    {
        Span<byte> wanted = stackalloc byte[ClassicCursors.Length];
        frames = [];
        if (!Encoding.ASCII.TryGetBytes(cursor, wanted, out var length) || length != ClassicCursors.Length)
        {
            return false;
        }

        lock (_lock)
        {
            var seen = Find(wanted);
            if (seen < 0 && !wanted.SequenceEqual(_released))
            {
                return false;
            }

            Release(seen + 1);
            frames = new Frame[_count];
            for (var i = 0; i < frames.Length; i++)
            {
                frames[i] = EntryAt(i).Frame;
            }

            // They come back when they are handed to the next transport.
            Release(_count);
            wanted.CopyTo(_released);
            return true;
        }
    }

    /// <summary>Releases what was sent at this time or before: no client comes back for it any more.</summary>
    public void ReleaseOlder(long time)
    {
        lock (_lock)
        {
            while (_count > 0 && _ring[_head].Time <= time)
            {
                Release(1);
            }
        }
    }

    /// <summary>Releases all but the newest message, because the node holds too much.</summary>
    public void GiveWay()
    {
        lock (_lock)
        {
            if (_count > 1)
            {
                Release(_count - 1);
            }
        }
    }

    /// <summary>Releases everything for good.</summary>
    public void Close()
    {
        lock (_lock)
        {
            Release(_count);
            _closed = true;
        }
    }

    private int Find(ReadOnlySpan<byte> cursor)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            if (ClassicFrame.Cursor(EntryAt(i).Frame.Bytes.Span).SequenceEqual(cursor))
            {
                return i;
            }
        }

        return -1;
    }

    private ref Entry EntryAt(int index) => ref _ring[(_head + index) % _ring.Length];

    private void Release(int count)
    {
        if (count <= 0)
        {
            return;
        }

        ClassicFrame.Cursor(EntryAt(count - 1).Frame.Bytes.Span).CopyTo(_released);
        for (; count > 0; count--)
        {
            Account(-_ring[_head].Frame.Bytes.Length);
            _ring[_head] = default;
            _head = (_head + 1) % _ring.Length;
            _count--;
        }

        if (_count == 0)
        {
            // An idle connection holds no ring either.
            _ring = [];
            _head = 0;
        }
    }

    private void Account(int bytes)
    {
        _bytes += bytes;
        budget.Add(bytes);
    }

    private void Grow()
    {
        if (_count < _ring.Length)
        {
            return;
        }

        var larger = new Entry[Math.Max(4, _ring.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = EntryAt(i);
        }

        _ring = larger;
        _head = 0;
    }

    private readonly record struct Entry(Frame Frame, long Time);
}
