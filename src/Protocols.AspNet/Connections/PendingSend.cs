using Tandem.Routing.Connections;

namespace Tandem.Protocols.AspNet.Connections;

/// <summary>One POST that is held until the result of its call comes, or until what is no call has gone up.</summary>
internal sealed class PendingSend(string? callId, bool isCall)
{
    private readonly TaskCompletionSource<PendingResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The id the client gave the call; null when it gave none.</summary>
    public string? CallId => callId;

    /// <summary>Whether its result goes down the stream, behind what the client was told about the call there. The POST is then answered without it.</summary>
    public bool FollowsStream { get; set; }

    /// <summary>Whether it is a call, and a result may come.</summary>
    public bool IsCall => isCall;

    /// <summary>What came.</summary>
    public Task<PendingResult> Result => _result.Task;

    public bool TrySetResult(ReadOnlyMemory<byte> json) => _result.TrySetResult(new PendingResult(json, CloseReason.None));

    public void TrySetLost(CloseReason reason) => _result.TrySetResult(new PendingResult(default, reason));
}

/// <summary>What came for a call.</summary>
/// <param name="Json">The result; empty when it goes down the stream.</param>
/// <param name="Lost">Why none will come; <see cref="CloseReason.None"/> when it came.</param>
internal readonly record struct PendingResult(ReadOnlyMemory<byte> Json, CloseReason Lost);
