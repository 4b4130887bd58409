namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>What clients of a family cannot do, and why. A list that is missing means all.</summary>
/// <param name="Reason">For readers of the table; one clause.</param>
/// <param name="Versions">Of the library.</param>
/// <param name="With">What stands there in the catalogue.</param>
/// <param name="Scenarios">By name.</param>
/// <param name="Transports">Of the client.</param>
/// <param name="Ways">In.</param>
/// <param name="Servers">Kinds of app servers.</param>
/// <param name="Sometimes">Whether it depends on the moment: then it is a limit even where it does not show, on the server itself, too: look there first.</param>
internal sealed record ClientLimit(
    string Reason, string[]? Versions = null, string[]? With = null, string[]? Scenarios = null, string[]? Transports = null, string[]? Ways = null, string[]? Servers = null,
    bool Sometimes = false)
{
    public bool Covers(Client client, string transport, string server, string way, string scenario) =>
        Has(Versions, client.Version) && Has(With, client.With) && Has(Scenarios, scenario) && Has(Transports, transport) && Has(Ways, way) && Has(Servers, server);

    private static bool Has(string[]? list, string value) => list is null || list.Contains(value, StringComparer.Ordinal);
}
