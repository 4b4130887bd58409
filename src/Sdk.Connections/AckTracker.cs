using System.Collections.Concurrent;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>Matches acknowledgements with what waits for them. The answer may come on any server connection of the set.</summary>
internal sealed class AckTracker
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<AckMessage>> _waiting = new();
    private readonly TimeProvider _timeProvider;
    private int _lastId;

    public AckTracker(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
    }

    /// <summary>Questions that are not answered yet.</summary>
    public int Count => _waiting.Count;

    /// <summary>Sends a question and awaits its answer.</summary>
    /// <param name="send">Sends the message with the given ack id.</param>
    /// <param name="cancellationToken">Ends the wait, not what was asked for.</param>
    /// <returns>True for <see cref="AckStatus.Ok"/>, false for <see cref="AckStatus.NotFound"/>.</returns>
    /// <exception cref="TimeoutException">No answer within 10 s, or the gateway had a failure of its own.</exception>
    /// <exception cref="InvalidOperationException">Any other status; the message has the gateway's explanation.</exception>
    public async Task<bool> AskAsync(Func<int, ValueTask> send, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var source = new TaskCompletionSource<AckMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = source;
        try
        {
            // Counted from here: back-pressure while sending must not make the wait endless.
            var answer = source.Task.WaitAsync(ServerConnectionSettings.AckTimeout, _timeProvider, cancellationToken);
            await send(id).ConfigureAwait(false);
            return Judge(await answer.ConfigureAwait(false));
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Takes an answer. Late and unknown ones are ignored.</summary>
    public void Complete(AckMessage ack)
    {
        if (_waiting.TryRemove(ack.AckId, out var source))
        {
            source.TrySetResult(ack);
        }
    }

    private static bool Judge(AckMessage ack) => ack.Status switch
    {
        AckStatus.Ok => true,
        AckStatus.NotFound => false,
        AckStatus.Timeout => throw new TimeoutException("The gateway could not finish in time. " + ack.Message),
        AckStatus.InternalServerError => throw new TimeoutException("The gateway failed. " + ack.Message),
        _ => throw new InvalidOperationException($"The gateway answered with status {(int)ack.Status}. {ack.Message}"),
    };
}
