using Microsoft.AspNetCore.Http;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Transports;

/// <summary>Sends frames, which are whole events, down one endless response.</summary>
public sealed class ServerSentEventsClientTransport : IClientTransport
{
    private readonly HttpContext _context;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the transport of a request whose response has not started.</summary>
    public ServerSentEventsClientTransport(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
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
        _context.Abort();
    }
}
