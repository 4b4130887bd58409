namespace Tandem.Routing.Dialects;

/// <summary>The dialects of all families, as their adapters registered them.</summary>
public sealed class DialectTable(IEnumerable<HubDialect> dialects)
{
    private readonly HubDialect[] _dialects = [.. dialects];

    /// <summary>The dialect of a family with this name; null for one that cannot be translated.</summary>
    public HubDialect? Find(ProtocolFamily family, string? name) =>
        Array.Find(_dialects, dialect => dialect.Family == family && string.Equals(dialect.Name, name, StringComparison.OrdinalIgnoreCase));
}
