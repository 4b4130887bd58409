using Microsoft.AspNetCore.Http;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Transports;

/// <summary>Sends frames, which are whole events, down one endless response.</summary>
public sealed class ServerSentEventsClientTransport : IClientTransport
{
    private readonly HttpContext _context;
    private readonly RequestAborter _request;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the transport of a request whose response has not started.</summary>
    public ServerSentEventsClientTransport(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _request = new RequestAborter(context);
    }

    /// <summary>Completes when the response is to end.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Sends the headers, and a comment that makes proxies and browsers see that the response has begun.</summary>
    public async Task StartAsync()
    {
        var response = _context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.Pragma = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.Body.WriteAsync(":\r\n"u8.ToArray(), _context.RequestAborted);
        await response.Body.FlushAsync(_context.RequestAborted);
    }

    /// <summary>The endpoint is about to return: the request is not touched from now on.</summary>
    public void LetGo() => _request.LetGo();

    /// <inheritdoc />
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        await ResponseFrames.WriteAsync(_context, frames);
        return true;
    }

    /// <inheritdoc />
    public ValueTask CloseAsync(CloseReason reason)
    {
        _closed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public void Abort()
    {
        _closed.TrySetResult();
        _request.Abort();
    }
}
