using System.Text;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Connections.Tests;

/// <summary>Keeps what a set passes on.</summary>
internal sealed class RecordingHandler : IServerConnectionHandler
{
    public MessageLog<string> Log { get; } = new();

    public List<ServerConnectionClient> Senders { get; } = [];

    public void OnConnected(ServerConnectionClient connection)
    {
    }

    public void OnConnectionData(ReadOnlySpan<byte> connectionId, ReadOnlySpan<byte> payload) =>
        Log.Add($"data {Encoding.UTF8.GetString(connectionId)} {Encoding.UTF8.GetString(payload)}");

    public void OnMessage(ServerConnectionClient connection, ServiceMessage message)
    {
        lock (Senders)
        {
            Senders.Add(connection);
        }

        Log.Add(message.GetType().Name);
        if (message is OpenConnectionMessage { ConnectionId: "poison" })
        {
            throw new InvalidOperationException("The handler fails.");
        }
    }

    public void OnClosed(ServerConnectionClient connection, Exception? error) => Log.Add($"closed {error?.GetType().Name}".TrimEnd());
}
