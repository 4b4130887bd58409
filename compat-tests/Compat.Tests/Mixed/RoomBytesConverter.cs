using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>Bytes, as the driver takes them.</summary>
internal sealed class RoomBytesConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteBase64String("$bytes", value);
        writer.WriteEndObject();
    }
}
