using System.Text.Json;
using System.Text.Json.Serialization;
using Tandem.Load.Measuring;

namespace Tandem.Load.Reporting;

/// <summary>Everything a run has found, for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static async Task WriteAsync(
        string path, LoadOptions options, Machine machine, IReadOnlyList<Comparison> rows, IReadOnlyList<Sample> samples)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, new { options, machine, rows, samples }, Options);
    }
}
