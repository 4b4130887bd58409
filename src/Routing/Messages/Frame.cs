namespace Tandem.Routing.Messages;

/// <summary>A message's bytes, ready for one kind of transport, and possibly waiting in thousands of queues at once.</summary>
/// <param name="Bytes">Never changed and never pooled: other connections refer to the same memory.</param>
public readonly record struct Frame(ReadOnlyMemory<byte> Bytes);
