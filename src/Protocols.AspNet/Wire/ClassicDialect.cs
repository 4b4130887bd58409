using System.Text.Json;
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

    private ClassicDialect()
        : base(ClassicFrameEncoder.HubProtocolName, ProtocolFamily.Classic)
    {
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
