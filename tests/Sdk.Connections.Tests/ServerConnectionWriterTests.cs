using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Connections.Tests;

public sealed class ServerConnectionWriterTests
{
    private readonly GatedWebSocket _socket = new();
    private readonly ServerConnectionWriter _writer;
    private Exception? _failure;

    public ServerConnectionWriterTests()
    {
        _writer = new ServerConnectionWriter(_socket, maxWaitingBytes: 1000, static (_, _) => { }, exception => _failure = exception);
    }

    [Fact]
    public async Task Messages_that_wait_leave_together_in_order()
    {
        await BlockAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await _writer.WriteAsync(new LeaveGroupMessage("c", $"g{i}")));
        }

        _socket.LetThrough();
        await Eventually.TrueAsync(() => Groups().Count == 21, "all messages");

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"g{i}").Prepend("block"), Groups());
        Assert.Equal(2, _socket.Sends);
    }

    [Fact]
    public async Task A_full_buffer_makes_senders_wait_and_keeps_the_order_of_their_calls()
    {
        await BlockAsync();
        var writes = Enumerable.Range(0, 200).Select(i => _writer.WriteAsync(new LeaveGroupMessage("c", $"group number {i}")).AsTask()).ToArray();
        Assert.Contains(writes, static write => !write.IsCompleted);

        _socket.LetThrough();
        Assert.All(await Task.WhenAll(writes).Within(), Assert.True);
        await Eventually.TrueAsync(() => Groups().Count == 201, "all messages");

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"group number {i}").Prepend("block"), Groups());
    }

    [Fact]
    public async Task Many_senders_never_mix_their_bytes_and_each_keeps_its_order()
    {
        _socket.LetThrough(1_000_000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await _writer.WriteAsync(new LeaveGroupMessage($"s{sender}", $"{i}"));
            }
        })));
        await Eventually.TrueAsync(() => Messages().Count == 4000, "all messages");

        foreach (var sender in Messages().GroupBy(static message => message.ConnectionId))
        {
            Assert.Equal(Enumerable.Range(0, 500).Select(static i => $"{i}"), sender.Select(static message => message.GroupName!));
        }
    }

    [Fact]
    public async Task Completing_sends_the_rest_and_then_closes()
    {
        Assert.True(await _writer.WriteAsync(new LeaveGroupMessage("c", "last")));
        var closed = _writer.CompleteAsync(closeSocket: true);
        Assert.False(await _writer.WriteAsync(new LeaveGroupMessage("c", "too late")));
        Assert.False(_socket.OutputClosed);

        _socket.LetThrough();
        await closed.Within();

        Assert.True(_socket.OutputClosed);
        Assert.Equal(["last"], Groups());
    }

    [Fact]
    public async Task A_socket_that_fails_releases_those_who_wait_with_no()
    {
        _socket.FailWith = new IOException("gone");
        await BlockAsync();
        var writes = Enumerable.Range(0, 200).Select(i => _writer.WriteAsync(new LeaveGroupMessage("c", $"group number {i}")).AsTask()).ToArray();

        _socket.LetThrough();

        Assert.Contains(await Task.WhenAll(writes).Within(), static accepted => !accepted);
        await Eventually.TrueAsync(() => _failure is IOException, "the failure");
        Assert.False(await _writer.WriteAsync(PingMessage.KeepAlive));
    }

    [Fact]
    public async Task A_message_that_cannot_be_encoded_leaves_no_bytes()
    {
        Assert.Throws<ArgumentException>(() => { _ = _writer.WriteAsync(new UnknownMessage(99)).AsTask(); });
        Assert.True(await _writer.WriteAsync(new LeaveGroupMessage("c", "g")));

        _socket.LetThrough();
        await Eventually.TrueAsync(() => Groups().Count == 1, "the good message");
    }

    /// <summary>From here on everything waits behind a send that does not get through.</summary>
    private async Task BlockAsync()
    {
        Assert.True(await _writer.WriteAsync(new LeaveGroupMessage("c", "block")));
        await Eventually.TrueAsync(() => _socket.IsWaiting, "the send that blocks");
    }

    private List<string> Groups() => Messages().Select(static message => message.GroupName!).ToList();

    private List<LeaveGroupMessage> Messages()
    {
        var input = new ReadOnlySequence<byte>(_socket.Sent);
        var messages = new List<LeaveGroupMessage>();
        while (ServiceFraming.TryRead(ref input, int.MaxValue, out var frame) == FrameReadResult.Frame)
        {
            messages.Add((LeaveGroupMessage)ServiceProtocolReader.Read(frame.ToArray()));
        }

        return messages;
    }
}
