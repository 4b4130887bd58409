using System.Text.Json;

namespace Tandem.Compat.Clients;

/// <summary>A line that tells the driver what a member is to do.</summary>
internal sealed class Command
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Of this command; its answer bears it too.</summary>
    public int Call { get; set; }

    public string Member { get; set; } = "";

    public string Act { get; set; } = "";

    public MemberSettings? Settings { get; set; }

    public string Method { get; set; } = "";

    public JsonElement[] Args { get; set; } = [];

    public string Name { get; set; } = "";

    public JsonElement Value { get; set; }

    public static Command Parse(string line) => JsonSerializer.Deserialize<Command>(line, Json) ?? throw new JsonException("An empty command.");

    /// <summary>The arguments as values of .NET, which every serializer knows.</summary>
    public object?[] Values() => [.. Args.Select(PlainValue.Of)];
}
