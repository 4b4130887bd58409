using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Protocols.AspNetCore.Endpoints;
using Tandem.Routing;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Tests.Endpoints;

public sealed class CorePollEndpointTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddMetrics().AddMessageRouting().AddCoreProtocol().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task The_last_of_three_polls_at_once_is_the_one_that_waits()
    {
        var connections = _services.GetRequiredService<CoreConnections>();
        var connection = connections.TryNegotiate("chat", new ClientPrincipal(new ClaimsPrincipal()), separateToken: true, out var token)!;
        await PollAsync(token, Stream.Null);
        connection.Queue.Open(new Frame("first"u8.ToArray()));

        // The first poll hangs in its answer, so the second waits for it when the third comes.
        using var slow = new GatedStream();
        var first = PollAsync(token, slow);
        await slow.Entered.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var second = PollAsync(token, Stream.Null);
        using var received = new MemoryStream();
        var third = PollAsync(token, received);
        slow.Gate.SetResult();

        await first.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(StatusCodes.Status204NoContent, await second.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.True(connections.TryGet(token, out _), "The connection lives, so it must not be forgotten: nothing would ever end it.");

        connection.Queue.TryEnqueue(new Frame("second"u8.ToArray()));
        Assert.Equal(StatusCodes.Status200OK, await third.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal("second"u8.ToArray(), received.ToArray());
    }

    [Fact]
    public async Task A_poll_of_an_ended_connection_gets_no_content_and_forgets_it()
    {
        var connections = _services.GetRequiredService<CoreConnections>();
        var connection = connections.TryNegotiate("chat", new ClientPrincipal(new ClaimsPrincipal()), separateToken: true, out var token)!;
        await PollAsync(token, Stream.Null);
        connection.Close(CloseReason.TransportFailed);

        Assert.Equal(StatusCodes.Status204NoContent, await PollAsync(token, Stream.Null).WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(connections.TryGet(token, out _));
    }

    private async Task<int> PollAsync(string token, Stream body)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString($"?hub=chat&id={token}");
        context.Response.Body = body;
        await _services.GetRequiredService<CorePollEndpoint>().HandleAsync(context);
        return context.Response.StatusCode;
    }

    /// <summary>A client that takes nothing until it is let.</summary>
    private sealed class GatedStream : MemoryStream
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Entered.TrySetResult();
            await Gate.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
