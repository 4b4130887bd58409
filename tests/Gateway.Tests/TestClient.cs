using System.Buffers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Routing.Connections;
using Tandem.Routing.Messages;

namespace Tandem.Gateway.Tests;

/// <summary>A client without a transport of its own: what routing sees of one.</summary>
internal sealed class TestClient : IPhysicalConnection, IClientTransport
{
    private static readonly FrameEncoder Encoder = new PlainEncoder();

    private readonly MessageLog<string> _received = new();

    private TestClient()
    {
        Queue = new OutboundQueue(new OutboundQueueOptions(), this);
        Queue.TryAttach(this);
    }

    public OutboundQueue Queue { get; }

    public CloseReason Ended { get; private set; }

    public ClientConnection Connection { get; private set; } = null!;

    private ConnectionRouter Router { get; set; } = null!;

    /// <summary>Connects a client, and answers its handshake for the app server.</summary>
    public static async Task<TestClient> ConnectAsync(TestGateway gateway, string id, string hub = "chat")
    {
        var client = new TestClient { Router = gateway.Services.GetRequiredService<ConnectionRouter>() };
        var descriptor = new ClientDescriptor { ConnectionId = id, Hub = hub, Encoder = Encoder, Transport = "test", Handshake = "{}"u8.ToArray() };
        var result = await client.Router.ConnectAsync(descriptor, client, CancellationToken.None).AsTask().Within();
        client.Connection = result.Connection ?? throw new InvalidOperationException($"Refused: {result.Reason}");
        return client;
    }

    /// <summary>Sends as the client.</summary>
    public ValueTask<bool> SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public ValueTask<bool> SendAsync(byte[] bytes) =>
        Router.ReceiveAsync(Connection, new ReadOnlySequence<byte>(bytes), CancellationToken.None);

    public Task<string> TakeAsync(string text) => _received.TakeAsync(received => received == text, text);

    public void OnDisconnected(ClientConnection connection, CloseReason reason, string? message)
    {
        Ended = reason;
        Queue.Complete(reason, null);
    }

    public void OnTransportFailed(IClientTransport transport, Exception exception) => throw new InvalidOperationException("It cannot.");

    ValueTask<bool> IClientTransport.WriteAsync(ReadOnlyMemory<Frame> frames)
    {
        foreach (var frame in frames.Span)
        {
            _received.Add(Encoding.UTF8.GetString(frame.Bytes.Span));
        }

        return new(true);
    }

    ValueTask IClientTransport.CloseAsync(CloseReason reason) => default;

    void IClientTransport.Abort()
    {
    }

    private sealed class PlainEncoder() : FrameEncoder("json")
    {
        public override ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> payload) => payload;
    }
}
