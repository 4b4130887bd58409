using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.LegacyAppServer;

/// <summary>The answer of the real SignalR: what it writes waits until it is flushed, because it is written in the midst of its locks.</summary>
internal sealed class RealResponse : IResponse
{
    private readonly IDictionary<string, object> _environment;
    private readonly IDictionary<string, string[]> _headers;
    private readonly Stream _body;
    private MemoryStream _waiting = new();

    public RealResponse(IDictionary<string, object> environment)
    {
        _environment = environment;
        _headers = (IDictionary<string, string[]>)environment["owin.ResponseHeaders"];
        _body = (Stream)environment["owin.ResponseBody"];
        CancellationToken = (CancellationToken)environment["owin.CallCancelled"];
    }

    public CancellationToken CancellationToken { get; }

    public int StatusCode
    {
        get => _environment.TryGetValue("owin.ResponseStatusCode", out var status) ? (int)status : 200;
        set => _environment["owin.ResponseStatusCode"] = value;
    }

    public string? ContentType
    {
        get => _headers.TryGetValue("Content-Type", out var type) ? type[0] : null;
        set => _headers["Content-Type"] = [value!];
    }

    public void Write(ArraySegment<byte> data) => _waiting.Write(data.Array!, data.Offset, data.Count);

    public async Task Flush()
    {
        await SendAsync();
        await _body.FlushAsync();
    }

    /// <summary>Sends what has not been flushed; nothing when there is nothing, as the request may have become a WebSocket.</summary>
    public Task FinishAsync() => _waiting.Length == 0 ? Task.CompletedTask : SendAsync();

    private Task SendAsync()
    {
        var bytes = _waiting;
        _waiting = new MemoryStream();
        return _body.WriteAsync(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
