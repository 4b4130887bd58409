using MessagePack;

namespace Tandem.Protocols.Service;

/// <content>What several messages have in common.</content>
public static partial class ServiceProtocolWriter
{
    private static void Begin(ref MessagePackWriter writer, int elements, int type)
    {
        writer.WriteArrayHeader(elements);
        writer.Write(type);
    }

    /// <summary>Ends a message that SDKs expect no key on: SDK 1.25 fails on any, the tracing id included.</summary>
    private static void WriteNoExtensions(ref MessagePackWriter writer) => writer.WriteMapHeader(0);

    private static void WriteMembership(
        ref MessagePackWriter writer, int? ackId, int type, int typeWithAck, string member, string? group, in MessageExtensions extensions)
    {
        Begin(ref writer, ackId is null ? 4 : 5, ackId is null ? type : typeWithAck);
        writer.Write(member);
        writer.Write(group);
        if (ackId is { } id)
        {
            writer.Write(id);
        }

        extensions.Write(ref writer);
    }

    private static void WriteQuestion(ref MessagePackWriter writer, int type, string subject, int ackId, in MessageExtensions extensions)
    {
        Begin(ref writer, 4, type);
        writer.Write(subject);
        writer.Write(ackId);
        extensions.Write(ref writer);
    }

    private static void WriteCloseMany(
        ref MessagePackWriter writer, string? reason, int ackId, IReadOnlyList<string> excluded, in MessageExtensions extensions)
    {
        writer.Write(reason);
        writer.Write(ackId);
        WriteTexts(ref writer, excluded);
        extensions.Write(ref writer);
    }

    private static void WriteTexts(ref MessagePackWriter writer, IReadOnlyList<string> texts)
    {
        writer.WriteArrayHeader(texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            writer.Write(texts[i]);
        }
    }

    private static void WritePayloads(ref MessagePackWriter writer, in ServicePayloads payloads)
    {
        writer.WriteMapHeader(payloads.Items.Length);
        foreach (var item in payloads.Items)
        {
            writer.Write(item.Protocol);
            writer.Write(item.Bytes.Span);
        }
    }

    private static void WriteClaims(ref MessagePackWriter writer, IReadOnlyList<KeyValuePair<string, string>> claims)
    {
        writer.WriteMapHeader(claims.Count);
        foreach (var claim in claims)
        {
            writer.Write(claim.Key);
            writer.Write(claim.Value);
        }
    }

    private static void WriteHeaders(ref MessagePackWriter writer, IReadOnlyList<KeyValuePair<string, string[]>> headers)
    {
        writer.WriteMapHeader(headers.Count);
        foreach (var header in headers)
        {
            writer.Write(header.Key);
            WriteTexts(ref writer, header.Value);
        }
    }
}
