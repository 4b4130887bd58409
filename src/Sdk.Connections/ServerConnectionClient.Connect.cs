using System.Net.WebSockets;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

// From nothing to a connection that has shaken hands.
internal sealed partial class ServerConnectionClient
{
    private async Task OpenSocketAsync(CancellationToken cancellationToken)
    {
        var connectionString = _endpoint.ConnectionString;
        var claims = new Dictionary<string, object> { ["nameid"] = _settings.ServerId };
        var token = _tokens.Create(EndpointUrls.ServerAudience(connectionString, Hub, _settings.ServerPath), claims, ServerConnectionSettings.TokenLifetime);
        _socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        _socket.Options.SetRequestHeader(ServiceHeaders.ServerId, _settings.ServerId);
        _socket.Options.SetRequestHeader(ServiceHeaders.UserAgent, _settings.UserAgent);
        _socket.Options.SetRequestHeader("X-Requested-With", "XMLHttpRequest");
        try
        {
            await _socket.ConnectAsync(EndpointUrls.Server(connectionString, Hub, Id, _target, _settings.ServerPath), cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException exception) when (exception.Message.Contains("'401'"))
        {
            // The one refusal that waiting does not cure, so it gets a text of its own. There is no status code to ask for.
            throw new UnauthorizedAccessException($"{_endpoint} does not accept the AccessKey of the connection string (HTTP 401).", exception);
        }
    }

    private async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        await _writer.WriteAsync(new HandshakeRequestMessage(1, Kind, _target ?? string.Empty, _settings.MigrationLevel)).ConfigureAwait(false);
        var frame = await _reader.ReadFrameAsync(cancellationToken).ConfigureAwait(false);
        var answer = frame is { } bytes ? ServiceProtocolReader.Read(bytes.ToArray()) as HandshakeResponseMessage : null;
        if (answer is null)
        {
            throw _error ?? new ProtocolViolationException("The gateway did not answer the handshake.");
        }

        if (!string.IsNullOrEmpty(answer.Error))
        {
            throw new InvalidOperationException("The gateway refused the server connection: " + answer.Error);
        }
    }
}
