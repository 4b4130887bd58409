using System.Globalization;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;
using Tandem.Routing.Hubs;

namespace Tandem.Routing.Mixing;

/// <summary>
/// Stands between one client and an app server of the other family: to each it speaks its own dialect, and it knows what the other one cannot
/// do. What goes up is translated in call order of the client; what comes down, in the read loop of the server connection.
/// </summary>
/// <remarks>
/// Call ids. A Core client's get a letter in front, so that the answer says what was asked for: the result of a plain call, the end of a stream,
/// or nothing at all. A classic client's go up as they are; a call without one gets one, because ASP.NET SignalR answers that, too. Those
/// begin with <c>~</c>, of which an id of the client's own that begins so gets another one.
/// </remarks>
internal sealed class PairingTranslator(HubState hub, HubDialect client, HubDialect server, int maxMessageBytes)
{
    private const char Call = 'c';
    private const char Stream = 's';
    private const string NoAnswer = "n";
    private const char Nameless = '~';

    // The newest item of each stream a classic client waits for: the last one is the result. Only what comes down touches it.
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _newest = new(StringComparer.Ordinal);
    private readonly MessageJoiner _joiner = new(server, maxMessageBytes);
    private int _lastNameless;

    /// <summary>The hub, by the name it has in its application.</summary>
    public HubState Hub => hub;

    /// <summary>What the app server hears first; empty when it expects no handshake.</summary>
    public ReadOnlyMemory<byte> Handshake => server.HandshakeRequest;

    /// <summary>Translates what the client sent.</summary>
    /// <param name="message">The message.</param>
    /// <param name="up">What the app server gets; null when it gets nothing.</param>
    /// <param name="reply">What the client is answered at once; null when nothing.</param>
    /// <param name="feature">What the app server cannot do, if that is why; null otherwise.</param>
    public void TranslateUp(HubMessage message, out byte[]? up, out HubMessage? reply, out MixingFeature? feature)
    {
        (up, reply, feature) = (null, null, null);
        if (message.Kind != HubMessageKind.Invocation)
        {
            // Results of calls that were refused, items of streams that were, and the end of interest in a stream: a classic app server goes on.
            feature = message.Kind == HubMessageKind.CancelInvocation ? MixingFeature.StreamCancellation : null;
            return;
        }

        if (message.HasUploads && server.Family == ProtocolFamily.Classic)
        {
            feature = MixingFeature.ClientStreams;
            reply = Refuse(client.Family, message, $"The hub method '{hub.Name}.{message.Target}' is one of ASP.NET SignalR, which takes no streams from clients.");
            return;
        }

        if (server.Family == ProtocolFamily.Core && hub.Description?.IsUpload(message.Target) == true)
        {
            feature = MixingFeature.ClientStreams;
            reply = Refuse(client.Family, message, $"The hub method '{hub.Name}.{message.Target}' takes a stream from its client, which clients of ASP.NET SignalR cannot send.");
            return;
        }

        if (message.HasState)
        {
            // Hubs of ASP.NET Core have none. The client keeps its own, and sends it with its next call as well.
            feature = MixingFeature.State;
        }

        up = server.WriteToServer(server.Family == ProtocolFamily.Classic ? ForClassic(message) : ForCore(message));
    }

    /// <summary>Translates what the app server sent to this client.</summary>
    /// <param name="payload">The bytes. Messages may be cut anywhere; what is no whole message waits for the rest.</param>
    /// <param name="down">Gets payloads for the client's encoder.</param>
    /// <param name="up">Gets answers for the app server.</param>
    /// <param name="unsupported">Gets what the client cannot do, and the method that wanted it.</param>
    /// <exception cref="ProtocolViolationException">The bytes are no messages, or a message has no end.</exception>
    public void TranslateDown(
        ReadOnlyMemory<byte> payload, List<byte[]> down, List<byte[]> up, List<(MixingFeature Feature, string Method)> unsupported)
    {
        foreach (var message in _joiner.Read(payload))
        {
            switch (message.Kind)
            {
                case HubMessageKind.Invocation when message.InvocationId is { } id && server.Family == ProtocolFamily.Core:
                    unsupported.Add((MixingFeature.ClientResults, message.Target));
                    up.Add(server.WriteToServer(Refusal(id, NoClientResults(message.Target))));
                    break;
                case HubMessageKind.Invocation when message.Hub is null || message.Hub.Equals(hub.Name, StringComparison.OrdinalIgnoreCase):
                    down.Add(client.WriteToClient(message with { Hub = hub.Name, InvocationId = null }));
                    break;
                case HubMessageKind.StreamItem or HubMessageKind.Completion when message.InvocationId is { } id:
                    if (client.Family == ProtocolFamily.Classic)
                    {
                        AnswerClassic(message, id, down);
                    }
                    else
                    {
                        AnswerCore(message, id, down, unsupported);
                    }

                    break;
            }
        }
    }

    /// <summary>What a client answers that has no client results, as the error of the app server's call.</summary>
    public static string NoClientResults(string method) =>
        $"The client uses ASP.NET SignalR, which has no client results: its method '{method}' can be called, but not asked for a value.";

    /// <summary>The answer to a call that cannot be made; null when the client wants none. A classic one always does.</summary>
    public static HubMessage? Refuse(ProtocolFamily client, HubMessage call, string error) =>
        call.InvocationId is null && client == ProtocolFamily.Core ? null : Refusal(call.InvocationId, error);

    private static HubMessage Refusal(string? id, string error) => new(HubMessageKind.Completion) { InvocationId = id, Error = error };

    private HubMessage ForClassic(HubMessage message) => message with
    {
        Hub = hub.Name,
        // A classic hub answers every call, also those whose caller does not want to know.
        InvocationId = message.InvocationId is { } id ? (message.IsStream ? Stream : Call) + id : NoAnswer,
        IsStream = false,
    };

    private HubMessage ForCore(HubMessage message) => message with
    {
        Hub = null,
        InvocationId = message.InvocationId is not { } id ? string.Create(CultureInfo.InvariantCulture, $"{Nameless}{Interlocked.Increment(ref _lastNameless)}")
            : id.StartsWith(Nameless) ? Nameless + id
            : id,
        IsStream = hub.Description?.IsStream(message.Target) == true,
    };

    private static string? ClassicId(string id) => !id.StartsWith(Nameless) ? id : id.StartsWith("~~", StringComparison.Ordinal) ? id[1..] : null;

    /// <summary>All items of a stream but the last are progress; the last is the result.</summary>
    private void AnswerClassic(HubMessage message, string id, List<byte[]> down)
    {
        var hasNewest = _newest.Remove(id, out var newest);
        var ownId = ClassicId(id);
        if (hasNewest && ownId is not null && (message.Kind == HubMessageKind.StreamItem || message.Error is not null))
        {
            // It is not the last one, or there will be no result: an item like the others. Of a call without an id nobody could tell whose it is.
            down.Add(client.WriteToClient(new HubMessage(HubMessageKind.StreamItem) { InvocationId = ownId, Value = newest }));
        }

        if (message.Kind == HubMessageKind.StreamItem)
        {
            // A slice of the input would keep all of it alive.
            _newest[id] = message.Value.ToArray();
            return;
        }

        var isResult = hasNewest && message.Error is null && message.Value.IsEmpty;
        down.Add(client.WriteToClient(message with { InvocationId = ownId, Value = isResult ? newest : message.Value }));
    }

    private void AnswerCore(HubMessage message, string id, List<byte[]> down, List<(MixingFeature Feature, string Method)> unsupported)
    {
        if (id == NoAnswer || id.Length < 2)
        {
            return;
        }

        var isStream = id[0] == Stream;
        var own = message with { InvocationId = id[1..] };
        if (message.Kind == HubMessageKind.StreamItem)
        {
            if (isStream)
            {
                down.Add(client.WriteToClient(own));
            }
            else
            {
                unsupported.Add((MixingFeature.Progress, string.Empty));
            }

            return;
        }

        if (isStream && !own.Value.IsEmpty)
        {
            down.Add(client.WriteToClient(new HubMessage(HubMessageKind.StreamItem) { InvocationId = own.InvocationId, Value = own.Value }));
            own = own with { Value = default };
        }

        down.Add(client.WriteToClient(own));
    }
}
