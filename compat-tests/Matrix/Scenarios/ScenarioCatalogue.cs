using System.Text.Json;
using Tandem.Compat.Matrix.Catalogue;

namespace Tandem.Compat.Matrix.Scenarios;

/// <summary>All scenarios, read from <c>scenarios.json</c>, in the order in which clients go through them.</summary>
internal static class ScenarioCatalogue
{
    /// <exception cref="InvalidDataException">The file is no list of scenarios.</exception>
    public static IReadOnlyList<Scenario> Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Scenario[]>(File.ReadAllText(file), ClientCatalogue.Json)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{Path.GetFileName(file)}: {exception.Message}", exception);
        }
    }
}
