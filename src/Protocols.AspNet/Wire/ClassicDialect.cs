using System.Text.Json;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>
/// Hub messages of ASP.NET SignalR. A client writes one bare JSON text each; an app server nested frames with either an envelope of several
/// messages or the bare result of a call. Values are slices of what came.
/// </summary>
internal sealed class ClassicDialect : HubDialect
{
    public static readonly ClassicDialect Instance = new();

    // What newer clients say; app servers look no further than whether they know it.
    private const string NewestVersion = "2.1";

    // The last is a Core client's way of negotiating; its connection token, a secret, is no longer there.
    private static readonly HashSet<string> LeftOut = new(StringComparer.OrdinalIgnoreCase) { "connectionData", "negotiateVersion" };

    private ClassicDialect()
        : base(ClassicFrameEncoder.HubProtocolName, ProtocolFamily.Classic)
    {
    }

    /// <summary>
    /// The query of a client's <c>/connect</c>: its own parameters, the hubs, and what every classic client says but a Core client has not said. The
    /// connection token opens nothing; app servers only want to see one.
    /// </summary>
    public override string OpenQuery(string query, string transport, IReadOnlyList<string> hubs)
    {
        var parts = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(static part => !LeftOut.Contains(Name(part))).ToList();
        var data = "[" + string.Join(',', hubs.Select(static hub => $"{{\"name\":{JsonSerializer.Serialize(hub)}}}")) + "]";
        parts.Add("connectionData=" + Uri.EscapeDataString(data));
        foreach (var part in (string[])["clientProtocol=" + NewestVersion, "transport=" + transport, ClassicClient.ConnectionTokenForAppServer])
        {
            if (!parts.Exists(other => Name(other).Equals(Name(part), StringComparison.OrdinalIgnoreCase)))
            {
                parts.Add(part);
            }
        }

        return "?" + string.Join('&', parts);

        static string Name(string part) => part.IndexOf('=', StringComparison.Ordinal) is var end and >= 0 ? part[..end] : part;
    }

    /// <summary>The whole input is one message.</summary>
    public override void ReadFromClient(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages)
    {
        if (input.IsEmpty)
        {
            return;
        }

        messages.Add(Read(input).ToInvocation() ?? throw new ProtocolViolationException("An invocation has no hub or no method."));
        input = default;
    }

    /// <summary>The whole input is one payload.</summary>
    public override void ReadFromServer(ref ReadOnlyMemory<byte> input, ICollection<HubMessage> messages)
    {
        if (input.IsEmpty)
        {
            return;
        }

        if (!NestedPayload.TryRead(input, out var json))
        {
            throw new ProtocolViolationException("The payload is not a nested frame.");
        }

        var members = Read(json);
        if (members.Messages is not { } entries)
        {
            messages.Add(members.ToCompletion() ?? new HubMessage(HubMessageKind.Other));
        }
        else
        {
            foreach (var entry in entries)
            {
                messages.Add(ReadEntry(entry));
            }
        }

        input = default;
    }

    public override byte[] WriteToServer(HubMessage message) => ClassicMessageWriter.ToServer(message);

    public override byte[] WriteToClient(HubMessage message) => NestedPayload.Wrap(ClassicMessageWriter.ToClient(message));

    private static HubMessage ReadEntry(ReadOnlyMemory<byte> json)
    {
        // Connections without hubs send whatever they like.
        if (json.Span[0] != '{')
        {
            return new HubMessage(HubMessageKind.Other);
        }

        var members = Read(json);
        return members.ToInvocation() ?? members.ToProgress() ?? new HubMessage(HubMessageKind.Other);
    }

    private static ClassicMembers Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            return ClassicMembers.Read(json);
        }
        catch (JsonException exception)
        {
            throw new ProtocolViolationException("The message is not JSON, or nested too deeply.", exception);
        }
    }
}
