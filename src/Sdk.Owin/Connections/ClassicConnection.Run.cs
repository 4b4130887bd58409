using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

// The hubs' work for the client, from its first step to the last.
internal sealed partial class ClassicConnection
{
    private async Task RunAsync()
    {
        await _predecessor.ConfigureAwait(false);
        new ServerConnectionScope(Server).Enter();
        var opened = false;
        try
        {
            if (await DispatchAsync().ConfigureAwait(false) is { } refusal)
            {
                Log.Refused(_logger, Id, refusal);
                End(refusal, stopCalled: false);
            }
            else
            {
                opened = true;
                await InvokeAsync(_transport.Connected!).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            Log.OpenFailed(_logger, exception, Id);
            End("The application could not open the connection.", stopCalled: false);
        }

        await ReadAsync().ConfigureAwait(false);
        if (opened)
        {
            await DisconnectAsync().ConfigureAwait(false);
        }

        _runtime.Remove(this);
        if (_error is { } error)
        {
            await Server.WriteAsync(new CloseConnectionMessage(Id, error, [])).ConfigureAwait(false);
        }
    }

    /// <summary>Lets the dispatcher look at the connection; returns why it does not want it, or null.</summary>
    private async Task<string?> DispatchAsync()
    {
        if (_runtime.FindEndpoint(_open) is not { } endpoint)
        {
            return "The application has nothing mapped for this client.";
        }

        _hasDetailedErrors = endpoint.HasDetailedErrors;
        var request = new ClientRequest(_open, ClientUser.Create(_open.Claims));
        Url = request.Url;
        var dispatcher = endpoint.CreateDispatcher();
        _hubs = dispatcher as ClientHubDispatcher;
        if (_hubs is not null)
        {
            _hubs.GatewayHubs = _open.Claims.FirstOrDefault(static claim => claim.Key == ServiceClaims.AllowedHubs).Value;
        }

        if (!dispatcher.Authorize(request))
        {
            return "Unable to authorize request";
        }

        var response = new CapturedResponse();
        await dispatcher.ProcessRequest(GatewayTransports.CreateContext(request, response, _transport, _runtime.AppMode)).ConfigureAwait(false);
        if (response.StatusCode != 200)
        {
            return response.Text;
        }

        if (endpoint.EveryoneGroup is { } everyone)
        {
            await _runtime.Application.AskAsync(id => new JoinGroupMessage(Id, everyone, id), CancellationToken.None).ConfigureAwait(false);
        }

        return null;
    }

    private async Task ReadAsync()
    {
        while (await _messages.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_messages.Reader.TryRead(out var text))
            {
                // Not awaited: calls of one client run side by side from their first await on, as on the stock server.
                _ = ReceiveAsync(text);
                Interlocked.Add(ref _waitingBytes, -System.Text.Encoding.UTF8.GetByteCount(text));
            }
        }
    }

    private async Task ReceiveAsync(string text)
    {
        try
        {
            await InvokeAsync(text == ReconnectText ? _transport.Reconnected! : () => _transport.Received!(text)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Errors of hub methods went to the client as an answer; this is a message that is no call, or a hub that cannot be made.
            Log.MessageFailed(_logger, exception, Id);
            if (_hubs is not null && text != ReconnectText)
            {
                // The client waits: the gateway holds its request until there is a result.
                await AnswerAsync(FailedCall.Answer(text, _hasDetailedErrors ? exception : null)).ConfigureAwait(false);
            }
        }
    }

    private async Task DisconnectAsync()
    {
        try
        {
            await InvokeAsync(() => _transport.Disconnected!(_stopCalled)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.DisconnectFailed(_logger, exception, Id);
        }
    }

    private Task InvokeAsync(Func<Task> operation) => _runtime.AroundOperation is { } around ? around(operation) : operation();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Connection {ConnectionId} is closed: the hubs do not keep up with its messages.", EventName = "HubsTooSlow")]
        public static partial void HubsTooSlow(ILogger logger, string connectionId);

        [LoggerMessage(2, LogLevel.Information, "Connection {ConnectionId} is refused: {Reason}", EventName = "Refused")]
        public static partial void Refused(ILogger logger, string connectionId, string reason);

        [LoggerMessage(3, LogLevel.Error, "Connection {ConnectionId} could not be opened.", EventName = "OpenFailed")]
        public static partial void OpenFailed(ILogger logger, Exception exception, string connectionId);

        [LoggerMessage(4, LogLevel.Debug, "A message of connection {ConnectionId} failed.", EventName = "MessageFailed")]
        public static partial void MessageFailed(ILogger logger, Exception exception, string connectionId);

        [LoggerMessage(5, LogLevel.Error, "OnDisconnected failed for connection {ConnectionId}.", EventName = "DisconnectFailed")]
        public static partial void DisconnectFailed(ILogger logger, Exception exception, string connectionId);
    }
}
