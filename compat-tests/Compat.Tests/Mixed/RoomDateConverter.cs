using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>A point in time, as the driver takes it.</summary>
internal sealed class RoomDateConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("$date", value);
        writer.WriteEndObject();
    }
}
