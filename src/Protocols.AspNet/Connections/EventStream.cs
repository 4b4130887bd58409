using Microsoft.AspNetCore.Http;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>Server-sent events, one line of data each: the .NET client takes every line for a message.</summary>
internal sealed class EventStream(HttpContext context, ClassicConnection connection, long startTimestamp) : IClassicStream
{
    /// <summary>The first event; the .NET client counts as connected when it has read a byte.</summary>
    public static readonly ReadOnlyMemory<byte> Prelude = "data: initialized\n\n"u8.ToArray();

    /// <summary>What stands before the data of an event.</summary>
    public static readonly ReadOnlyMemory<byte> Before = "data: "u8.ToArray();

    /// <summary>What ends an event.</summary>
    public static readonly ReadOnlyMemory<byte> After = "\n\n"u8.ToArray();

    private readonly ServerSentEventsClientTransport _inner = new(context, Prelude, Before, After);
    private readonly TaskCompletionSource<StreamEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClientTransports Kind => ClientTransports.ServerSentEvents;

    public long StartTimestamp => startTimestamp;

    public Task<StreamEnd> End => _end.Task;

    /// <summary>Sends the headers and the first event.</summary>
    public Task StartAsync() => _inner.StartAsync();

    /// <summary>The endpoint is about to return: the request is not touched from now on.</summary>
    public void LetGo() => _inner.LetGo();

    public void Finish(StreamEnd end) => _end.TrySetResult(end);

    public ValueTask<bool> WriteAsync(ReadOnlyMemory<Frame> frames) => _inner.WriteAsync(connection.OnSending(frames, Kind));

    public async ValueTask CloseAsync(CloseReason reason)
    {
        if (connection.Farewell(reason) is { } error)
        {
            await _inner.WriteAsync(new[] { new Frame(error) });
        }

        Finish(StreamEnd.Closed);
    }

    public void Abort()
    {
        Finish(StreamEnd.Closed);
        _inner.Abort();
    }
}
