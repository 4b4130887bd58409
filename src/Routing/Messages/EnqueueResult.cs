namespace Tandem.Routing.Messages;

/// <summary>What became of a frame given to an <see cref="OutboundQueue"/>.</summary>
public enum EnqueueResult
{
    /// <summary>It will be sent.</summary>
    Enqueued,

    /// <summary>The queue is over its budget; the connection is to be ended as a slow consumer.</summary>
    OverBudget,

    /// <summary>The queue takes nothing more: the connection is ending.</summary>
    Completed,
}
