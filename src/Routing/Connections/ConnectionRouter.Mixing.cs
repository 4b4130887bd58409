using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Mixing;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Connections;

/// <content>Clients that an app server of the other family serves, with all of their hubs or some.</content>
public sealed partial class ConnectionRouter
{
    // What every app server of a family understands; the gateway chooses for the client.
    private const string CommonProtocol = "json";

    /// <summary>
    /// Tells the app server of a client's own family that the client is back, in the words of that family. App servers of the other one have not
    /// noticed that it was away.
    /// </summary>
    public async ValueTask NotifyReconnectedAsync(ClientConnection connection, ReadOnlySequence<byte> words, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.Pairing is { Translator: null } pairing)
        {
            await SendUpAsync(pairing, words, cancellationToken);
        }
    }

    /// <summary>Gives a client what its app server sent to it alone, in its own protocol.</summary>
    internal void Deliver(ClientConnection connection, Frame frame)
    {
        if (connection.Encoder.Family == ProtocolFamily.Classic && connection.Physical.TryTake(connection, frame))
        {
            return;
        }

        Check(connection, connection.Queue.TryEnqueue(frame));
    }

    /// <summary>Gives a client what an app server of the other family, with which it is paired, sent to it alone.</summary>
    internal void DeliverTranslated(ClientConnection connection, Pairing pairing, ReadOnlyMemory<byte> payload)
    {
        var translator = pairing.Translator!;
        List<byte[]> down = [];
        List<byte[]> up = [];
        List<(MixingFeature Feature, string Method)> unsupported = [];
        try
        {
            translator.TranslateDown(payload, down, up, unsupported);
        }
        catch (ProtocolViolationException exception)
        {
            // It must not go on with a gap.
            Report(translator.Hub, string.Empty, MixingFeature.Untranslatable, exception.Message);
            Disconnect(connection, CloseReason.InternalError);
            return;
        }

        foreach (var message in down)
        {
            Deliver(connection, new Frame(connection.Encoder.Encode(message)));
        }

        foreach (var answer in up)
        {
            pairing.Server.Send(new ConnectionDataMessage(connection.ConnectionId, answer));
        }

        foreach (var (feature, method) in unsupported)
        {
            Report(translator.Hub, method, feature, null);
        }
    }

    internal void Check(ClientConnection connection, EnqueueResult result)
    {
        if (result == EnqueueResult.OverBudget)
        {
            Disconnect(connection, CloseReason.SlowConsumer);
        }
    }

    /// <summary>Notes what one generation wanted of the other in vain: in the metrics always, in the log now and then.</summary>
    internal void Report(HubState hub, string method, MixingFeature feature, string? detail)
    {
        _metrics.NotMixed(hub.Key, method, feature);
        if (_notMixed.TryPass(out var suppressed))
        {
            Log.NotMixed(_logger, hub.Key, method, feature, detail, suppressed);
        }
    }

    private async ValueTask<bool> ReceiveMixedAsync(ClientConnection connection, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        var input = payload.IsSingleSegment ? payload.First : payload.ToArray();
        var messages = new List<HubMessage>();
        try
        {
            connection.Encoder.Dialect!.ReadFromClient(ref input, messages);
        }
        catch (ProtocolViolationException) when (connection.Encoder.Family == ProtocolFamily.Classic)
        {
            Report(connection.Hub, string.Empty, MixingFeature.InvalidCall, null);
            throw;
        }

        foreach (var message in messages)
        {
            if (!await SendMixedAsync(connection, message, payload, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> SendMixedAsync(
        ClientConnection connection, HubMessage message, ReadOnlySequence<byte> payload, CancellationToken cancellationToken)
    {
        var pairing = connection.Pairing;
        foreach (var candidate in connection.HubPairings)
        {
            if (candidate.Translator!.Hub.Name.Equals(message.Hub, StringComparison.OrdinalIgnoreCase))
            {
                pairing = candidate;
            }
        }

        if (pairing is null)
        {
            Report(connection.Hub, message.Target, MixingFeature.InvalidCall, null);
            Answer(connection, message, $"'{message.Hub}' Hub could not be resolved.");
            return !connection.IsClosed;
        }

        if (pairing.Translator is not { } translator)
        {
            // A classic client sends one message at a time, so that this is all of it.
            return await SendUpAsync(pairing, payload, cancellationToken);
        }

        translator.TranslateUp(message, out var up, out var reply, out var feature);
        if (feature is { } lacking)
        {
            Report(translator.Hub, message.Target, lacking, null);
        }

        if (reply is not null)
        {
            Deliver(connection, new Frame(connection.Encoder.Encode(connection.Encoder.Dialect!.WriteToClient(reply))));
        }

        return up is null ? !connection.IsClosed : await SendUpAsync(pairing, new ReadOnlySequence<byte>(up), cancellationToken);
    }

    private void Answer(ClientConnection connection, HubMessage call, string error)
    {
        if (PairingTranslator.Refuse(connection.Encoder.Family, call, error) is { } answer)
        {
            Deliver(connection, new Frame(connection.Encoder.Encode(connection.Encoder.Dialect!.WriteToClient(answer))));
        }
    }

    private PairingTranslator NewTranslator(ClientConnection connection, ProtocolFamily family, HubState hub)
    {
        var server = _dialects.Find(family, CommonProtocol)
            ?? throw new InvalidOperationException($"No adapter has registered the dialect {CommonProtocol} of the family {family}.");
        return new PairingTranslator(hub, connection.Encoder.Dialect!, server, _mixing.CurrentValue.MaxMessageBytes);
    }

    /// <summary>How the app server of the main pairing is told of the client: with the hubs it serves, and no others.</summary>
    private OpenConnectionMessage MainOpening(ClientConnection connection, Pairing main, Pairing[] byHub, OpenConnectionMessage open)
    {
        if (main.Translator is null && byHub.Length == 0)
        {
            return open;
        }

        var hubs = main.Translator is not null
            ? [connection.Hub.Name]
            : connection.MemberHubs.Except(byHub.Select(static pairing => pairing.Translator!.Hub)).Select(static hub => hub.Name).ToArray();
        return main.Server.Family == ProtocolFamily.Core
            ? WithQuery(open, open.QueryString)
            : WithQuery(open, _dialects.Find(ProtocolFamily.Classic, CommonProtocol)!.OpenQuery(open.QueryString, connection.Transport, hubs));
    }

    private static OpenConnectionMessage WithQuery(OpenConnectionMessage open, string query) =>
        new(open.ConnectionId, open.Claims, open.Headers, query, CommonProtocol);
}
