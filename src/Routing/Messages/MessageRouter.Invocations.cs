using Tandem.Protocols.Service;
using Tandem.Routing.Mixing;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Messages;

/// <content>Client results: an app server asks one client, possibly one that another app server serves.</content>
public sealed partial class MessageRouter
{
    private void InvokeClient(IServerConnection source, ClientInvocationMessage message)
    {
        if (!TryFind(source, message.ConnectionId, out var client))
        {
            Fail("There is no such connection.");
            return;
        }

        if (client.Encoder.Family != source.Family)
        {
            var method = new TranslatedMessage(message.Payloads, source.Family, _dialects).Target;
            _router.Report(source.Hub, method, MixingFeature.ClientResults, null);
            Fail(PairingTranslator.NoClientResults(method));
            return;
        }

        if (client.Pairing is not { Translator: null } pairing)
        {
            Fail(client.Pairing is null
                ? "There is no such connection."
                : "An app server of ASP.NET SignalR serves the client, which does not know client results.");
            return;
        }

        var outbound = Begin(source, "invocation", message.Payloads);
        if (!outbound.TryGetFrame(client.Encoder, out var frame))
        {
            Fail($"The invocation did not come in the client's hub protocol, {client.Encoder.HubProtocol}.");
            return;
        }

        if (!_invocations.TryAdd(message.InvocationId, client, source, message.CallerServerId))
        {
            Fail($"{_options.MaxPendingInvocations} client results are waited for already (Limits:MaxPendingInvocations), or the invocation id is taken.");
            return;
        }

        // The app server that serves the client must know of the question before the answer can reach it. The asking app
        // server itself knows, and would mistake its own question for a foreign one.
        if (pairing.Server.ServerId != source.ServerId)
        {
            pairing.Server.Send(message);
            source.Send(new ServiceMappingMessage(message.InvocationId, message.ConnectionId, _ids.NodeTag));
        }

        _router.Check(client, client.Queue.TryEnqueue(frame));
        if (client.IsClosed)
        {
            _invocations.ClientGone(client);
        }
        else if (!ReferenceEquals(client.Pairing, pairing))
        {
            _invocations.ClientMoved(client);
        }

        void Fail(string error) =>
            source.Send(new ErrorCompletionMessage(message.InvocationId, message.ConnectionId, message.CallerServerId, error));
    }

    /// <summary>The answer to a client invocation came and cannot be passed on: whoever asked is told so.</summary>
    /// <param name="source">The server connection it came on.</param>
    /// <param name="invocationId">Id of the question; one that nobody waits for is ignored.</param>
    /// <param name="error">Why, for the application that asked.</param>
    public void FailInvocation(IServerConnection source, string invocationId, string error)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (_invocations.TryRemove(invocationId, source.Hub, out var pending))
        {
            pending.ReplyTo()?.Send(new ErrorCompletionMessage(invocationId, pending.Client.ConnectionId, pending.CallerServerId, error));
        }
    }

    private void CompleteInvocation(IServerConnection source, ClientCompletionMessage message)
    {
        // An empty payload comes from the app server that asked: it has its answer already.
        if (_invocations.TryRemove(message.InvocationId, source.Hub, out var pending) && !message.Payload.IsEmpty)
        {
            pending.ReplyTo()?.Send(new ClientCompletionMessage(
                message.InvocationId, message.ConnectionId, pending.CallerServerId, message.Protocol, message.Payload));
        }
    }
}
