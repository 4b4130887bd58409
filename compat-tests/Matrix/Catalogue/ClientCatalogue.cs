using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>All clients under test, read from <c>compat-tests/Matrix/clients</c>.</summary>
internal static class ClientCatalogue
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        RespectRequiredConstructorParameters = false,
    };

    /// <exception cref="InvalidDataException">A file is no catalogue, or two entries have one name.</exception>
    public static IReadOnlyList<Client> Read(string folder)
    {
        List<Client> clients = [];
        foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                clients.AddRange(JsonSerializer.Deserialize<ClientEntry[]>(File.ReadAllText(file), Json)!.SelectMany(entry => entry.Clients()));
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException($"{Path.GetFileName(file)}: {exception.Message}", exception);
            }
        }

        return clients.CountBy(client => client.Name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice }
            ? throw new InvalidDataException($"The catalogue has \"{twice}\" twice.")
            : clients;
    }
}
