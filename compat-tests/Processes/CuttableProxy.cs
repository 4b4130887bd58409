using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Tandem.Compat.Processes;

/// <summary>A TCP proxy in front of a server, whose connections can be cut, refused and silenced.</summary>
internal sealed partial class CuttableProxy : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly List<Pair> _pairs = [];
    private readonly HashSet<string> _silenced = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _accepting;
    private bool _refusing;

    /// <param name="targetUrl">Of the server.</param>
    public CuttableProxy(string targetUrl)
    {
        _target = new Uri(targetUrl).Port;
        var port = FreePort.Next();
        Url = $"http://127.0.0.1:{port}";
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url { get; }

    /// <summary>Drops all connections, and every further one at once until <see cref="Restore"/>.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _refusing = true;
            foreach (var pair in _pairs)
            {
                pair.Drop();
            }

            _pairs.Clear();
        }
    }

    /// <summary>Lets connections in again.</summary>
    public void Restore()
    {
        lock (_lock)
        {
            _refusing = false;
        }
    }

    /// <summary>
    /// Carries nothing of the streams there are any more and keeps them open until their client sends; a client that was between two polls
    /// begins its next one in vain. That happens to each client once: other connections that have been spared for a next request are
    /// dropped, lest they keep that from getting through. Further connections work.
    /// </summary>
    public void Stall()
    {
        lock (_lock)
        {
            foreach (var pair in _pairs)
            {
                if (pair.Stall() is { } client)
                {
                    _silenced.Add(client);
                }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
        _disposing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_disposing.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_disposing.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Disposed, or the peer was faster: the loop's condition knows.
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var pair = new Pair(client, new TcpClient { NoDelay = true }, TrySilence);
        client.NoDelay = true;
        try
        {
            await pair.Server.ConnectAsync(IPAddress.Loopback, _target);
            lock (_lock)
            {
                if (_refusing)
                {
                    pair.Drop();
                    return;
                }

                _pairs.Add(pair);
            }

            await Task.WhenAny(pair.CopyAsync(pair.Client, pair.Server), pair.CopyAsync(pair.Server, pair.Client));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two is gone; so is the other.
        }

        if (!pair.IsStalled)
        {
            pair.Drop();
        }
    }

    private bool TrySilence(string client)
    {
        lock (_lock)
        {
            return _silenced.Add(client);
        }
    }

    private sealed partial class Pair(TcpClient client, TcpClient server, Func<string, bool> trySilence)
    {
        private volatile bool _isStalled;
        private volatile bool _isAnswered;
        private volatile string? _stream;

        public TcpClient Client => client;

        public TcpClient Server => server;

        public bool IsStalled => _isStalled;

        /// <summary>The client whose stream is silent from now on; null when there is none at this moment.</summary>
        public string? Stall()
        {
            if (_stream is { } stream)
            {
                _isStalled = true;
                return _isAnswered ? null : stream;
            }

            Drop();
            return null;
        }

        public void Drop()
        {
            client.Dispose();
            server.Dispose();
        }

        public async Task CopyAsync(TcpClient from, TcpClient to)
        {
            var buffer = new byte[BufferSize];
            try
            {
                var (source, target) = (from.GetStream(), to.GetStream());
                while (await source.ReadAsync(buffer) is > 0 and var count)
                {
                    var bytes = buffer.AsMemory(0, count);
                    string? begins = null;
                    if (from == server)
                    {
                        _isAnswered = bytes.Span.EndsWith("\r\n0\r\n\r\n"u8);
                    }
                    else if (RequestLine().Match(Encoding.Latin1.GetString(bytes.Span)) is { Success: true } line)
                    {
                        _stream = begins = line.Groups["stream"].Success ? line.Groups["token"].Value : null;
                        _isAnswered = false;
                    }

                    if (!IsStalled)
                    {
                        await target.WriteAsync(bytes);
                    }
                    else if (from == client && (begins is null || !trySilence(begins)))
                    {
                        Drop();
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Dropped; nobody waits for more.
            }
        }

        // The requests of classic clients that are answered with a stream, and whose they are.
        [GeneratedRegex(@"^(?:GET|POST) [^? ]*?(?<stream>/connect|/reconnect|/poll)?(?=[? ])(?:\?(?:[^ ]*?&)?connectionToken=(?<token>[^& ]*))?")]
        private static partial Regex RequestLine();
    }
}
