namespace Tandem.Routing.Dialects;

/// <summary>
/// One hub message in the form both families can be made from. It exists only where a client and an app server of different families meet;
/// inside a family nothing is parsed. Values are UTF-8 JSON, wherever possible a slice of what came.
/// </summary>
public sealed record HubMessage(HubMessageKind Kind)
{
    /// <summary>Which call it belongs to; null for a call that wants no answer, or (classic) one without an id, whose answer has none either.</summary>
    public string? InvocationId { get; init; }

    /// <summary>The hub, in a dialect that names it in each message (classic); otherwise null.</summary>
    public string? Hub { get; init; }

    /// <summary>The method of an invocation; otherwise empty.</summary>
    public string Target { get; init; } = string.Empty;

    /// <summary>The arguments of an invocation: a JSON array with its brackets.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>An item, or a result: JSON; empty when a completion has no result.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Why a call failed, for its caller; null when it did not.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the error is one the application made for its clients to see (<c>HubException</c>).</summary>
    public bool IsHubException { get; init; }

    /// <summary>Whether an invocation asks for a stream of items.</summary>
    public bool IsStream { get; init; }

    /// <summary>Whether an invocation announces streams of the client's own.</summary>
    public bool HasUploads { get; init; }

    /// <summary>Whether an invocation brings round-trip state (classic).</summary>
    public bool HasState { get; init; }
}
