using System.Net;

namespace Tandem.OwinHost;

/// <summary>One request and its answer as an OWIN environment.</summary>
internal sealed class OwinExchange
{
    private readonly HttpListenerResponse _response;
    private readonly ResponseStream _body;

    public OwinExchange(HttpListenerContext context)
    {
        var request = context.Request;
        _response = context.Response;
        _body = new ResponseStream(this);
        var url = request.Url!;
        Environment = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["owin.Version"] = "1.0",
            ["owin.CallCancelled"] = CancellationToken.None,
            ["owin.RequestMethod"] = request.HttpMethod,
            ["owin.RequestScheme"] = url.Scheme,
            ["owin.RequestPathBase"] = string.Empty,
            ["owin.RequestPath"] = Uri.UnescapeDataString(url.AbsolutePath),
            ["owin.RequestQueryString"] = url.Query.TrimStart('?'),
            ["owin.RequestProtocol"] = "HTTP/" + request.ProtocolVersion,
            ["owin.RequestHeaders"] = Copy(request),
            ["owin.RequestBody"] = request.InputStream,
            ["owin.ResponseHeaders"] = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase),
            ["owin.ResponseBody"] = _body,
            ["server.RemoteIpAddress"] = request.RemoteEndPoint?.Address.ToString() ?? string.Empty,
        };
    }

    public IDictionary<string, object> Environment { get; }

    /// <summary>Sends what has not been sent.</summary>
    public void Finish()
    {
        SendHead();
        _response.Close();
    }

    private static Dictionary<string, string[]> Copy(HttpListenerRequest request)
    {
        var headers = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in request.Headers.AllKeys)
        {
            headers[name!] = request.Headers.GetValues(name) ?? [];
        }

        return headers;
    }

    private void SendHead()
    {
        if (_body.HasBegun)
        {
            return;
        }

        _body.HasBegun = true;
        if (Environment.TryGetValue("owin.ResponseStatusCode", out var status))
        {
            _response.StatusCode = (int)status;
        }

        foreach (var header in (IDictionary<string, string[]>)Environment["owin.ResponseHeaders"])
        {
            if (header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                _response.ContentLength64 = long.Parse(header.Value[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            else if (header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                _response.ContentType = header.Value[0];
            }
            else
            {
                foreach (var value in header.Value)
                {
                    _response.AppendHeader(header.Key, value);
                }
            }
        }
    }

    /// <summary>The head goes out with the first byte of the body.</summary>
    private sealed class ResponseStream : Stream
    {
        private readonly OwinExchange _exchange;

        public ResponseStream(OwinExchange exchange)
        {
            _exchange = exchange;
        }

        public bool HasBegun { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => _exchange._response.OutputStream.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            _exchange.SendHead();
            _exchange._response.OutputStream.Write(buffer, offset, count);
        }
    }
}
