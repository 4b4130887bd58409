using Microsoft.AspNetCore.Http;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Transports;

/// <summary>Sends frames down one endless response, each as an event.</summary>
public sealed class ServerSentEventsClientTransport : IClientTransport
{
    private readonly HttpContext _context;
    private readonly ReadOnlyMemory<byte> _prelude;
    private readonly ReadOnlyMemory<byte> _before;
    private readonly ReadOnlyMemory<byte> _after;
    private readonly RequestAborter _request;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the transport of a request whose response has not started, for frames that are whole events.</summary>
    /// <param name="context">The request.</param>
    public ServerSentEventsClientTransport(HttpContext context)
        : this(context, ":\r\n"u8.ToArray(), default, default)
    {
    }

    /// <summary>Makes the transport of a request whose response has not started, for frames that are the data of an event.</summary>
    /// <param name="context">The request.</param>
    /// <param name="prelude">Sent at once, so that proxies and browsers see that the response has begun.</param>
    /// <param name="before">Sent before each frame.</param>
    /// <param name="after">Sent after each frame.</param>
    public ServerSentEventsClientTransport(HttpContext context, ReadOnlyMemory<byte> prelude, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _prelude = prelude;
        _before = before;
        _after = after;
        _request = new RequestAborter(context);
    }

    /// <summary>Completes when the response is to end.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Sends the headers and the prelude.</summary>
    public async Task StartAsync()
    {
        var response = _context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.Pragma = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.Body.WriteAsync(_prelude, _context.RequestAborted);
        await response.Body.FlushAsync(_context.RequestAborted);
    }

    /// <summary>The endpoint is about to return: the request is not touched from now on.</summary>
    public void LetGo() => _request.LetGo();

    /// <inheritdoc />
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        await ResponseFrames.WriteAsync(_context, frames, _before, _after);
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
