using System.Text.Json;

namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>An entry of <c>clients/*.json</c>, as it stands there.</summary>
internal sealed record ClientEntry(
    string Id, string Title, Generation Generation, string Driver, string Protocol, string[] Transports, ClientEntry.Variant[] Variants, ClientLimit[]? Limits)
{
    public IEnumerable<Client> Clients()
    {
        var family = new ClientFamily(Id, Title, Generation, Driver, Protocol, Transports, Limits ?? []);
        return Variants.Select(variant => new Client(family, variant.Version, variant.With ?? "", variant.Newest, variant.Library));
    }

    internal sealed record Variant(string Version, string? With, bool Newest, JsonElement Library);
}
