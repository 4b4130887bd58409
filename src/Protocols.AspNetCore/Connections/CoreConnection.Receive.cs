using System.Buffers;
using System.Net.WebSockets;
using Tandem.Protocols.AspNetCore.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Connections;

/// <content>What the client sends: its handshake, then messages.</content>
internal sealed partial class CoreConnection
{
    /// <inheritdoc />
    public async ValueTask<bool> OnReceivedAsync(InboundBuffer buffer)
    {
        if (_closeReason != CloseReason.None)
        {
            // A client that goes on posting; what it sends must not begin anything anew.
            return false;
        }

        _received = true;
        try
        {
            if (_client is null && !await ReadHandshakeAsync(buffer))
            {
                return _closeReason == CloseReason.None;
            }

            return await ForwardAsync(buffer);
        }
        catch (ProtocolViolationException exception)
        {
            Log.ProtocolViolation(_logger, ConnectionId, exception.Message);
            Close(CloseReason.ProtocolViolation);
            return false;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<bool> ReadHandshakeAsync(InboundBuffer buffer)
    {
        var input = buffer.Written;
        if (!CoreHandshake.TryRead(ref input, out var handshake, out var error))
        {
            return false;
        }

        buffer.Consume(buffer.Written.Length - input.Length);
        if (handshake is null)
        {
            return RefuseHandshake(error!);
        }

        if (_context.Protocols.Acquire(handshake.Protocol) is not { } protocol)
        {
            return RefuseHandshake(
                $"The gateway passes {_context.Options.MaxCustomProtocols} hub protocols it does not know, and '{handshake.Protocol}' would be one more.");
        }

        if (!TryKeep(protocol))
        {
            return false;
        }

        if (_transport == ClientTransports.ServerSentEvents && protocol.ServerSentEvents is null)
        {
            return RefuseHandshake($"The hub protocol '{protocol.Name}' is binary and cannot be used over server-sent events.");
        }

        if (_webSocket is { } webSocket)
        {
            webSocket.MessageType = protocol.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
        }

        return await ConnectAsync(handshake, protocol);
    }

    private bool RefuseHandshake(string error)
    {
        _handshakeError = error;
        Close(CloseReason.HandshakeInvalid);
        return false;
    }

    /// <summary>Has the protocol until the connection ends; false when it has ended already.</summary>
    private bool TryKeep(CoreHubProtocol protocol)
    {
        lock (_lock)
        {
            if (_closeReason == CloseReason.None)
            {
                _protocol = protocol;
                return true;
            }
        }

        _context.Protocols.Release(protocol);
        return false;
    }

    private async ValueTask<bool> ConnectAsync(CoreHandshake handshake, CoreHubProtocol protocol)
    {
        _handshakeRead = true;
        var request = _request!;
        _request = null;
        var result = await _context.Router.ConnectAsync(
            new ClientDescriptor
            {
                ConnectionId = ConnectionId,
                Hub = Hub,
                Encoder = (_transport == ClientTransports.ServerSentEvents ? protocol.ServerSentEvents : null) ?? protocol.Raw,
                Transport = _transport.ToTag(),
                Library = Library,
                UserId = Principal.UserId,
                Claims = Principal.Claims,
                Headers = request.Headers,
                QueryString = request.QueryString,
                Handshake = handshake.Record,
                StickyServerId = Principal.StickyServerId,
                StickyRequired = Principal.StickyRequired,
            },
            this,
            _closing.Token);
        if (result.Connection is not { } client)
        {
            Close(result.Reason);
            return false;
        }

        CloseReason closed;
        lock (_lock)
        {
            _client = client;
            closed = _closeReason;
        }

        LeavePlace();
        if (closed != CloseReason.None)
        {
            // Closed while it was being paired, before there was a client to disconnect.
            _context.Router.Disconnect(client, closed);
        }

        return true;
    }

    /// <summary>Gives back the place among the connections that have not shaken hands, once.</summary>
    private void LeavePlace()
    {
        if (Interlocked.Exchange(ref _hasPlace, false))
        {
            _context.Places.Release();
        }
    }

    /// <summary>Sends the whole messages of the buffer up, pings left out, in as few pieces as possible.</summary>
    private async ValueTask<bool> ForwardAsync(InboundBuffer buffer)
    {
        var rest = buffer.Written;
        var pending = rest;
        var pendingBytes = 0;
        var examined = buffer.Examined;
        while (true)
        {
            var result = CoreMessageScanner.TryRead(
                _protocol!.Framing, ref rest, _context.Options.MaxMessageBytes, out var message, out var isPing, examined);
            examined = 0;
            if (result == MessageScanResult.Message && !isPing)
            {
                pendingBytes += message.Length;
                continue;
            }

            if (pendingBytes > 0 && !await SendUpAsync(pending[..pendingBytes]))
            {
                return false;
            }

            if (result != MessageScanResult.Message)
            {
                buffer.Consume(buffer.Written.Length - rest.Length);
                if (result == MessageScanResult.TooLarge)
                {
                    Close(CloseReason.MessageTooLarge);
                    return false;
                }

                buffer.Examined = buffer.Written.Length;
                return true;
            }

            _hasPinged = true;
            pending = rest;
            pendingBytes = 0;
        }
    }

    private async ValueTask<bool> SendUpAsync(ReadOnlyMemory<byte> messages)
    {
        _forwarding = true;
        try
        {
            return await _context.Router.ReceiveAsync(_client!, new ReadOnlySequence<byte>(messages), _closing.Token);
        }
        finally
        {
            _forwarding = false;
        }
    }
}
