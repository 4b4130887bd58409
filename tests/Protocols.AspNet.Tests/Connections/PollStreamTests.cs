using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Tests.Connections;

public sealed class PollStreamTests : IDisposable
{
    private readonly Meters _metrics = new();
    private readonly Lifetime _lifetime = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _lifetime.Dispose();
    }

    [Fact]
    public async Task A_poll_that_is_given_up_before_its_answer_can_still_be_answered()
    {
        var (poll, pipe) = Create(pauses: false);

        poll.Abort();

        Assert.Equal(StreamEnd.Closed, await poll.End);
        Assert.False(_lifetime.RequestAborted.IsCancellationRequested);
        await poll.AnswerAsync("{}"u8.ToArray());
        var answer = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("{}"u8.ToArray(), answer.Buffer.FirstSpan.ToArray());
    }

    [Fact]
    public async Task A_blank_that_nobody_reads_does_not_hold_up_who_gives_the_poll_up()
    {
        var (poll, _) = Create(pauses: true);
        var writing = poll.WriteAsync(new[] { new Frame(ClassicFrame.KeepAlive) }).AsTask();
        Assert.False(writing.IsCompleted);

        poll.Abort();

        Assert.True(_lifetime.RequestAborted.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    private (PollStream Poll, Pipe Pipe) Create(bool pauses)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: pauses ? 1 : 0, resumeWriterThreshold: pauses ? 1 : 0));
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(_lifetime);
        context.Features.Set<IHttpResponseBodyFeature>(new Body(pipe.Writer));
        var connections = new ClassicConnectionContext(
            null!, null!, new ClassicCursors("abcd"), new ClassicProtocolOptions(), new OutboundQueueOptions(), new ReplayBudget(1), new StartPlaces(1),
            new ClassicMetrics(_metrics), TimeProvider.System);
        var client = new ClassicClient
        {
            ConnectionId = "c1",
            Application = "shop",
            Hubs = [],
            Principal = new ClientPrincipal(context.User),
            Claims = [],
            Headers = [],
            QueryString = "",
            Times = ClassicTimes.Of(new ClassicProtocolOptions(), null),
            Transport = ClientTransports.LongPolling,
        };
        return (new PollStream(context, new ClassicConnection(connections, client, NullLogger.Instance), 0, 0), pipe);
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature, IDisposable
    {
        private readonly CancellationTokenSource _aborted = new();

        public CancellationToken RequestAborted
        {
            get => _aborted.Token;
            set => throw new NotSupportedException();
        }

        public void Abort() => _aborted.Cancel();

        public void Dispose() => _aborted.Dispose();
    }

    private sealed class Meters : IMeterFactory
    {
        private Meter? _meter;

        public Meter Create(MeterOptions options) => _meter = new Meter(options);

        public void Dispose() => _meter?.Dispose();
    }

    private sealed class Body(PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => Writer.AsStream();

        public PipeWriter Writer => writer;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
