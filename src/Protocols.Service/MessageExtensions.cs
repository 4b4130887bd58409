using MessagePack;

namespace Tandem.Protocols.Service;

/// <summary>
/// The extension map that ends almost every message: small integer keys, unknown ones skipped. SDK 1.25 fails on keys a
/// message type does not support, so only what is set is written, and only on the types that know it.
/// </summary>
internal struct MessageExtensions
{
    private const int TracingIdKey = 1;
    private const int TtlKey = 2;
    private const int ProtocolKey = 3;
    private const int DataKindKey = 5;
    private const int IsPartialKey = 6;

    public ulong? TracingId;
    public int? Ttl;
    public string? Protocol;
    public ConnectionDataKind DataKind;
    public bool IsPartial;

    public static MessageExtensions Read(ref MessagePackReader reader)
    {
        var extensions = default(MessageExtensions);
        if (reader.TryReadNil())
        {
            return extensions;
        }

        var count = reader.ReadMapHeader();
        for (var i = 0; i < count; i++)
        {
            if (reader.NextMessagePackType != MessagePackType.Integer)
            {
                reader.SkipValue();
                reader.SkipValue();
                continue;
            }

            switch (ReadKey(ref reader))
            {
                case TracingIdKey when reader.NextMessagePackType == MessagePackType.Integer:
                    extensions.TracingId = reader.ReadUInt64();
                    break;
                case TtlKey when reader.NextMessagePackType == MessagePackType.Integer:
                    extensions.Ttl = reader.ReadInt32();
                    break;
                case ProtocolKey when reader.NextMessagePackType == MessagePackType.String:
                    extensions.Protocol = reader.ReadProtocolName();
                    break;
                case DataKindKey when reader.NextMessagePackType == MessagePackType.Integer:
                    extensions.DataKind = (ConnectionDataKind)reader.ReadInt32();
                    break;
                case IsPartialKey when reader.NextMessagePackType == MessagePackType.Boolean:
                    extensions.IsPartial = reader.ReadBoolean();
                    break;
                default:
                    reader.SkipValue();
                    break;
            }
        }

        return extensions;
    }

    // A key beyond 63 bits is as unknown as any other.
    private static long ReadKey(ref MessagePackReader reader) =>
        reader.NextCode == MessagePackCode.UInt64 ? (long)Math.Min(reader.ReadUInt64(), long.MaxValue) : reader.ReadInt64();

    public readonly void Write(ref MessagePackWriter writer)
    {
        var count = (TracingId is null ? 0 : 1) + (Ttl is null ? 0 : 1) + (Protocol is null ? 0 : 1)
            + (DataKind == ConnectionDataKind.Unknown ? 0 : 1) + (IsPartial ? 1 : 0);
        writer.WriteMapHeader(count);
        if (TracingId is { } tracingId)
        {
            writer.Write(TracingIdKey);
            writer.Write(tracingId);
        }

        if (Ttl is { } ttl)
        {
            writer.Write(TtlKey);
            writer.Write(ttl);
        }

        if (Protocol is not null)
        {
            writer.Write(ProtocolKey);
            writer.Write(Protocol);
        }

        if (DataKind != ConnectionDataKind.Unknown)
        {
            writer.Write(DataKindKey);
            writer.Write((int)DataKind);
        }

        if (IsPartial)
        {
            writer.Write(IsPartialKey);
            writer.Write(true);
        }
    }
}
