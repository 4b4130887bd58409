using Tandem.Protocols.Service;

namespace Tandem.Routing.Dialects;

/// <summary>
/// Reads and writes hub messages in one encoding of one family. Used only where a client and an app server of different families meet. Has
/// no state; may be called from any thread.
/// </summary>
/// <param name="name">Name of the encoding as the service protocol has it, such as <c>json</c>.</param>
/// <param name="family">The family it belongs to: both call theirs <c>json</c>.</param>
public abstract class HubDialect(string name, ProtocolFamily family)
{
    /// <summary>Name of the encoding as the service protocol has it, such as <c>json</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The family it belongs to.</summary>
    public ProtocolFamily Family { get; } = family;

    /// <summary>What a client of this dialect says first, and an app server wants to hear; empty in a family without handshake.</summary>
    public virtual ReadOnlyMemory<byte> HandshakeRequest => default;

    /// <summary>What such a client is answered when it may go on; empty in a family without handshake.</summary>
    public virtual ReadOnlyMemory<byte> HandshakeResponse => default;

    /// <summary>The query string an app server of this family gets with a client that is to be in these hubs only.</summary>
    /// <param name="query">The client's own, with its leading <c>?</c>; or empty.</param>
    /// <param name="transport">Name of the client's transport.</param>
    /// <param name="hubs">Names of the hubs in their application.</param>
    public virtual string OpenQuery(string query, string transport, IReadOnlyList<string> hubs) => query;

    /// <summary>Takes the whole messages of a client off the front of the input.</summary>
    /// <param name="input">What came; afterwards the rest that is no whole message yet.</param>
    /// <param name="messages">Gets the messages in their order. They may be slices of the input.</param>
    /// <exception cref="ProtocolViolationException">The bytes can never become a message.</exception>
    public abstract void ReadFromClient(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages);

    /// <summary>Takes the whole messages of an app server off the front of the input.</summary>
    /// <param name="input">What came; afterwards the rest that is no whole message yet.</param>
    /// <param name="messages">Gets the messages in their order. They may be slices of the input.</param>
    /// <exception cref="ProtocolViolationException">The bytes can never become a message.</exception>
    public abstract void ReadFromServer(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages);

    /// <summary>
    /// Whether a piece, behind others that are no whole message together, may complete one. To be asked before all of them are read again; where
    /// that costs next to nothing there is no need to know.
    /// </summary>
    /// <param name="piece">What came last.</param>
    public virtual bool MayComplete(ReadOnlySpan<byte> piece) => true;

    /// <summary>Writes a message as a client would.</summary>
    public abstract byte[] WriteToServer(HubMessage message);

    /// <summary>Writes a message as an app server would: a payload for a <see cref="Messages.FrameEncoder"/> of this dialect.</summary>
    public abstract byte[] WriteToClient(HubMessage message);
}
