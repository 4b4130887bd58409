using System.Diagnostics;
using Tandem.Load.Clients;

namespace Tandem.Load.Scenarios;

/// <summary>
/// Messages to many. There are as many slots as messages are in flight; a slot sends its next message when every
/// receiver has the last one. An item is one delivery to one receiver.
/// </summary>
internal sealed class FanOutScenario : ILoadScenario
{
    private const int GroupSize = 10;
    private const int GroupsInFlight = 16;

    private readonly HubClients _clients;
    private readonly Slot[] _slots;
    private readonly int _receivers;
    private readonly (int Client, byte[] Frame)[] _joins;
    private LoadPhase _phase = new(0);
    private int _unsent;
    private int _unjoined;
    private TaskCompletionSource _joined = new();

    private FanOutScenario(string row, int deliveries, HubClients clients, int receivers, Slot[] slots, (int, byte[])[] joins)
    {
        Row = row;
        Deliveries = deliveries;
        _clients = clients;
        _receivers = receivers;
        _slots = slots;
        _joins = joins;
    }

    public string Row { get; }

    public int Deliveries { get; }

    /// <summary>One message in flight, to every client.</summary>
    public static FanOutScenario Broadcast(HubClients clients, int payloadBytes)
    {
        var frame = clients.Encoding.Invocation(null, "Broadcast", Payload.Create(payloadBytes));
        var sends = Enumerable.Range(0, clients.Count).Select(client => new Send(client, frame)).ToArray();
        return new("broadcast, CPU-µs per delivery", 100_000, clients, clients.Count, [new Slot(sends)], []);
    }

    /// <summary>Sixteen messages in flight, each to another group of ten; every client is in one group.</summary>
    public static FanOutScenario Groups(HubClients clients, int payloadBytes)
    {
        var groups = clients.Count / GroupSize;
        var slots = Enumerable.Range(0, Math.Min(GroupsInFlight, groups)).Select(slot => new Slot(
        [
            .. Enumerable.Range(0, groups).Where(group => group % GroupsInFlight == slot).Select(group =>
                new Send(group * GroupSize, clients.Encoding.Invocation(null, "SendToGroup", $"g{group}", Payload.Create(payloadBytes, slot)))),
        ]));
        var joins = Enumerable.Range(0, groups * GroupSize).Select(client =>
            (client, clients.Encoding.Invocation("1", "Join", $"g{client / GroupSize}")));
        return new("groups of 10, CPU-µs per delivery", 80_000, clients, GroupSize, [.. slots], [.. joins]);
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_joins.Length > 0)
        {
            _unjoined = _joins.Length;
            _joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var (client, frame) in _joins)
            {
                _clients[client].Send(frame);
            }

            await _joined.Task.WaitAsync(cancellationToken);
        }
    }

    public LoadPhase Begin(int deliveries)
    {
        // A full set of slots at least, or fewer messages would be in flight than the row says.
        var messages = Math.Max(deliveries / _receivers, _slots.Length);
        _unsent = messages;
        _phase = new LoadPhase((long)messages * _receivers);
        foreach (var slot in _slots)
        {
            SendNext(slot);
        }

        return _phase;
    }

    public void OnMessage(HubClient client, HubMessageKind kind, ReadOnlySpan<byte> message)
    {
        if (kind == HubMessageKind.Completion)
        {
            if (message.IndexOf("error"u8) >= 0)
            {
                throw new InvalidDataException($"A join failed: {System.Text.Encoding.UTF8.GetString(message)}");
            }

            if (Interlocked.Decrement(ref _unjoined) == 0)
            {
                _joined.TrySetResult();
            }

            return;
        }

        var slot = _slots[Payload.Slot(message)];
        _phase.Delivered(slot.SentAt);
        if (Interlocked.Decrement(ref slot.Missing) == 0)
        {
            SendNext(slot);
        }
    }

    private void SendNext(Slot slot)
    {
        if (Interlocked.Decrement(ref _unsent) < 0)
        {
            return;
        }

        var send = slot.Sends[slot.Next++ % slot.Sends.Length];
        Volatile.Write(ref slot.Missing, _receivers);
        slot.SentAt = Stopwatch.GetTimestamp();
        _clients[send.Client].Send(send.Frame);
    }

    private readonly record struct Send(int Client, byte[] Frame);

    /// <summary>One message in flight. Only whoever took the last delivery writes to it, before the next send.</summary>
    private sealed class Slot(Send[] sends)
    {
        public int Missing;

        public Send[] Sends { get; } = sends;

        public int Next { get; set; }

        public long SentAt { get; set; }
    }
}
