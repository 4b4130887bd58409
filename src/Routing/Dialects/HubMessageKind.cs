namespace Tandem.Routing.Dialects;

/// <summary>What a <see cref="HubMessage"/> says.</summary>
public enum HubMessageKind
{
    /// <summary>Calls a method: of a hub, or of a client.</summary>
    Invocation,

    /// <summary>One value of a call that goes on: an item of a stream, or progress.</summary>
    StreamItem,

    /// <summary>The end of a call: its result, its error, or neither.</summary>
    Completion,

    /// <summary>The caller wants no more items of a stream.</summary>
    CancelInvocation,

    /// <summary>The handshake, a ping, a close message or anything else that is of no interest to the other family.</summary>
    Other,
}
