using Tandem.Protocols.Service;

namespace Tandem.Gateway.ServerConnections;

/// <content>The read loop.</content>
internal sealed partial class ServerConnection
{
    /// <summary>Handshake, then messages until the app server closes or breaks the protocol.</summary>
    private async Task ServeAsync()
    {
        try
        {
            // A handshake may still come when the connection has been given up for it, or the gateway shuts down: clients must not be
            // offered a connection that takes nothing any more.
            if (await ReadHandshakeAsync() is { } request && Interlocked.Read(ref _closingSince) == 0)
            {
                await ServeAsync(request);
            }
        }
        catch (ProtocolViolationException exception)
        {
            TryEnd(ServerConnectionEnd.ProtocolViolation, exception.Message);
            Send(new ServiceErrorMessage($"The gateway ends this connection: {exception.Message}"));
        }

        TryEnd(ServerConnectionEnd.AppServerClosed, null);
    }

    private async Task<HandshakeRequestMessage?> ReadHandshakeAsync()
    {
        while (true)
        {
            switch (_reader.TryRead(out var frame))
            {
                case FrameReadResult.NeedMoreData when !await _reader.FillAsync():
                    return null;
                case FrameReadResult.NeedMoreData:
                    break;
                case FrameReadResult.TooLarge:
                    Refuse(ServerConnectionEnd.HandshakeRefused, $"The first message is larger than {ServerHandshake.MaxBytes} bytes, so it is no handshake.");
                    return null;
                default:
                    var message = ServiceProtocolReader.Read(frame.ToArray());
                    if (ServerHandshake.Refusal(message) is { } refusal)
                    {
                        Refuse(ServerConnectionEnd.HandshakeRefused, refusal);
                        return null;
                    }

                    return (HandshakeRequestMessage)message;
            }
        }
    }

    private async Task ServeAsync(HandshakeRequestMessage request)
    {
        Kind = request.Kind;
        MigrationLevel = ServerHandshake.MigrationLevel(request);
        _reader.MaxFrameBytes = _options.MaxMessageBytes;

        // In the buffer before the connection is in the pool: SDKs give up when anything else comes first.
        Send(new HandshakeResponseMessage(null, ServerConnectionId));
        if (Kind != ServerConnectionKind.Weak)
        {
            _writer.StartClients();
        }

        _lastPing = _services.Time.GetTimestamp();
        _attached = true;
        _services.Registry.Attach(this);
        try
        {
            do
            {
                Interlocked.Exchange(ref _lastReceived, _services.Time.GetTimestamp());
                ReadMessages();
            }
            while (await _reader.FillAsync());
        }
        finally
        {
            // In this order: a pairing that begins after the pool was emptied would be forgotten.
            StopClients();
            _services.Registry.Detach(this);
        }
    }

    private void ReadMessages()
    {
        while (true)
        {
            switch (_reader.TryRead(out var frame))
            {
                case FrameReadResult.NeedMoreData:
                    return;
                case FrameReadResult.TooLarge:
                    SkipOversized(frame);
                    break;
                default:
                    ReadMessage(frame);
                    break;
            }
        }
    }

    private void ReadMessage(ReadOnlyMemory<byte> frame)
    {
        if (ServiceProtocolReader.TryReadConnectionData(frame.Span, out var connectionId, out var payload))
        {
            _services.Messages.RouteConnectionData(this, connectionId, payload);
            return;
        }

        // Payloads go into the queues of clients by reference, so the message gets memory of its own that nobody will reuse.
        var own = frame.ToArray();
        ServiceMessage message;
        try
        {
            message = ServiceProtocolReader.Read(own);
        }
        catch (ProtocolViolationException exception) when (FrameHead.TryReadType(own, out var type))
        {
            // The frame as such is fine, so the stream is in step: only this message is lost.
            SkipUnreadable(type, exception.Message);
            return;
        }

        if (message is PingMessage ping)
        {
            _pings.Answer(ping);
        }
        else
        {
            _services.Messages.Route(this, message);
        }
    }

    private void SkipUnreadable(int type, string error)
    {
        _services.Metrics.MessageUnreadable();
        var now = _services.Time.GetTimestamp();
        if (_lastSkippedLog is not { } last || _services.Time.GetElapsedTime(last, now) >= SkippedLogInterval)
        {
            _lastSkippedLog = now;
            Log.Unreadable(_services.Logger, ServerConnectionId, Hub.Key, type, error);
        }
    }

    private void SkipOversized(ReadOnlyMemory<byte> head)
    {
        FrameHead.TryReadType(head, out var type);
        Log.Oversized(_services.Logger, ServerConnectionId, Hub.Key, type, _options.MaxMessageBytes);
        _services.Messages.RouteOversized(this, FrameHead.ReadConnectionId(head));
        if (FrameHead.ReadFailedInvocation(head, $"The invocation is larger than {_options.MaxMessageBytes} bytes (Servers:MaxMessageBytes).") is { } completion)
        {
            Send(completion);
        }

        if (FrameHead.ReadAnsweredInvocation(head) is { } invocationId)
        {
            _services.Messages.FailInvocation(this, invocationId, $"The client's answer is larger than {_options.MaxMessageBytes} bytes (Servers:MaxMessageBytes).");
        }
    }

    /// <summary>Ends a connection that is not attached yet.</summary>
    private void Refuse(ServerConnectionEnd reason, string text)
    {
        TryEnd(reason, text);
        Send(new HandshakeResponseMessage(text));
        _ = BeginClose();
    }
}
