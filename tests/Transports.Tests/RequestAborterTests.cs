using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tandem.Transports.Tests;

public class RequestAborterTests
{
    private readonly DefaultHttpContext _context = new();
    private readonly CountingLifetime _lifetime = new();

    public RequestAborterTests()
    {
        _context.Features.Set<IHttpRequestLifetimeFeature>(_lifetime);
    }

    [Fact]
    public void A_request_is_aborted_once()
    {
        var aborter = new RequestAborter(_context);
        aborter.Abort();
        aborter.Abort();
        aborter.LetGo();

        Assert.Equal(1, _lifetime.Aborts);
    }

    [Fact]
    public void A_request_that_was_let_go_is_not_touched()
    {
        var aborter = new RequestAborter(_context);
        aborter.LetGo();
        aborter.LetGo();
        aborter.Abort();

        Assert.Equal(0, _lifetime.Aborts);
    }

    [Fact]
    public async Task Letting_go_waits_for_an_abort_that_is_under_way()
    {
        var (inside, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _lifetime.OnAbort = () =>
        {
            inside.SetResult();
            go.Task.Wait(TimeSpan.FromSeconds(20));
        };
        var aborter = new RequestAborter(_context);
        var aborting = Task.Run(aborter.Abort, TestContext.Current.CancellationToken);
        await inside.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var lettingGo = Task.Run(aborter.LetGo, TestContext.Current.CancellationToken);
        Assert.False(lettingGo.IsCompleted);
        go.SetResult();

        await Task.WhenAll(aborting, lettingGo).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(1, _lifetime.Aborts);
    }

    private sealed class CountingLifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public int Aborts { get; private set; }

        public Action? OnAbort { get; set; }

        public void Abort()
        {
            Aborts++;
            OnAbort?.Invoke();
        }
    }
}
