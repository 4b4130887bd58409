using System.Diagnostics;
using Tandem.Load.Clients;

namespace Tandem.Load.Scenarios;

/// <summary>Every client has one message in flight, to the hub and back.</summary>
internal sealed class EchoScenario : ILoadScenario
{
    private readonly HubClients _clients;
    private readonly HubMessageKind _answer;
    private readonly byte[] _frame;
    private LoadPhase _phase = new(0);
    private int _unsent;

    private EchoScenario(string row, HubClients clients, HubMessageKind answer, byte[] frame)
    {
        Row = row;
        _clients = clients;
        _answer = answer;
        _frame = frame;
    }

    public string Row { get; }

    public int Deliveries => 40_000;

    /// <summary>The answer is the result of the invocation.</summary>
    public static EchoScenario ByResult(HubClients clients, int payloadBytes) => new(
        "echo by result, CPU-µs per message", clients, HubMessageKind.Completion,
        clients.Encoding.Invocation("1", "Echo", Payload.Create(payloadBytes)));

    /// <summary>The answer is a call of the client's method.</summary>
    public static EchoScenario ByCall(HubClients clients, int payloadBytes) => new(
        "echo by client call, CPU-µs per message", clients, HubMessageKind.Invocation,
        clients.Encoding.Invocation(null, "EchoCall", Payload.Create(payloadBytes)));

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public LoadPhase Begin(int deliveries)
    {
        _unsent = deliveries;
        _phase = new LoadPhase(deliveries);
        for (var index = 0; index < _clients.Count; index++)
        {
            SendNext(_clients[index]);
        }

        return _phase;
    }

    public void OnMessage(HubClient client, HubMessageKind kind, ReadOnlySpan<byte> message)
    {
        if (kind != _answer || (kind == HubMessageKind.Completion && message.IndexOf("error"u8) >= 0))
        {
            throw new InvalidDataException($"Not an answer to an echo: {System.Text.Encoding.UTF8.GetString(message)}");
        }

        _phase.Delivered(client.SentAt);
        SendNext(client);
    }

    private void SendNext(HubClient client)
    {
        if (Interlocked.Decrement(ref _unsent) >= 0)
        {
            client.SentAt = Stopwatch.GetTimestamp();
            client.Send(_frame);
        }
    }
}
