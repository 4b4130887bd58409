using System.Text.Json;

namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>An entry of <c>clients/*.json</c>, as it stands there: a family for each of its drivers.</summary>
internal sealed record ClientEntry(
    string Id, string Title, Generation Generation, string[] Drivers, string Protocol, string[] Transports, ClientEntry.Variant[] Variants, ClientLimit[]? Limits,
    AbsentVersion[]? Absent)
{
    public IEnumerable<Client> Clients() =>
        from driver in Drivers
        let family = new ClientFamily(
            driver == Drivers[0] ? Id : $"{Id}-{driver}", $"{Title}, {RuntimeOf(driver)}{(Protocol == "messagepack" ? ", MessagePack" : "")}", Generation, driver, Protocol, Transports,
            Limits ?? [], Absent ?? [])
        from variant in Variants
        select new Client(family, variant.Version, variant.With ?? "", variant.Newest, variant.Library);

    private string RuntimeOf(string driver) => driver switch
    {
        "dotnet" => ".NET",
        "mono" => ".NET Framework (Mono)",
        "node" => "Node",
        "chromium" => "Chromium",
        "firefox" => "Firefox",
        _ => throw new JsonException($"\"{Id}\" has the driver \"{driver}\", which there is not."),
    };

    internal sealed record Variant(string Version, string? With, bool Newest, JsonElement Library);
}
