namespace Tandem.Routing.Tests.Support;

/// <summary>A place in the code under test where a test holds it: someone reaches it, and goes on when the test says so.</summary>
internal sealed class SyncPoint
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _continue = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>For the test: until someone stands at the point.</summary>
    public Task ReachedAsync() => _reached.Task.InTimeAsync();

    /// <summary>For the test: lets whoever stands there, or comes later, pass.</summary>
    public void Continue() => _continue.TrySetResult();

    /// <summary>For the test: makes whoever stands there fail.</summary>
    public void Fail(Exception exception) => _continue.TrySetException(exception);

    /// <summary>For the fake: stands here until the test says so.</summary>
    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _continue.Task;
    }

    /// <summary>For fakes of blocking calls.</summary>
    public void Pass() => Assert.True(PassAsync().Wait(Wait.Limit), "Nobody let the sync point go on.");
}
