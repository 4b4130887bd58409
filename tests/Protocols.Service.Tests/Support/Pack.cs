using System.Buffers;
using MessagePack;

namespace Tandem.Protocols.Service.Tests.Support;

/// <summary>Makes MessagePack of any shape, wrong ones included, without the code under test.</summary>
internal static class Pack
{
    /// <summary>The body of a frame: an array of these values.</summary>
    public static byte[] Body(params object?[] values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, values);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A map in this order; keys may repeat.</summary>
    public static PackMap Map(params (object? Key, object? Value)[] entries) => new(entries);

    /// <summary>Bytes that stand for one value as they are.</summary>
    public static PackRaw Raw(params byte[] bytes) => new(bytes);

    private static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case string text:
                writer.Write(text);
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case int number:
                writer.Write(number);
                break;
            case long number:
                writer.Write(number);
                break;
            case ulong number:
                writer.Write(number);
                break;
            case double number:
                writer.Write(number);
                break;
            case byte[] bytes:
                writer.Write(bytes);
                break;
            case PackRaw raw:
                writer.WriteRaw(raw.Bytes);
                break;
            case PackMap map:
                writer.WriteMapHeader(map.Entries.Length);
                foreach (var (key, item) in map.Entries)
                {
                    Write(ref writer, key);
                    Write(ref writer, item);
                }

                break;
            case object?[] values:
                writer.WriteArrayHeader(values.Length);
                foreach (var item in values)
                {
                    Write(ref writer, item);
                }

                break;
            default:
                throw new ArgumentException($"A {value.GetType()} cannot be packed.", nameof(value));
        }
    }
}

internal sealed record PackMap((object? Key, object? Value)[] Entries);

internal sealed record PackRaw(byte[] Bytes);
