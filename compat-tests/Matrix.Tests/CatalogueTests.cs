using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

public sealed class CatalogueTests : IDisposable
{
    private const string Entry = """{ "id": "lib", "title": "A library", "generation": "classic", "drivers": ["node"], "protocol": "json", "transports": ["webSockets"], "variants": [{ "version": "1.0" }] }""";

    private static readonly string Folder = Path.Combine(Repository.Root, "compat-tests", "Matrix");

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("matrix");

    private static IReadOnlyList<Client> Clients { get; } = ClientCatalogue.Read(Path.Combine(Folder, "clients"));

    private static IReadOnlyList<Scenario> Scenarios { get; } = ScenarioCatalogue.Read(Path.Combine(Folder, "scenarios.json"));

    [Fact]
    public void Clients_Have_one_newest_of_each_family() =>
        Assert.All(Clients.GroupBy(client => client.Family), family => Assert.Single(family, client => client.Newest));

    // A limit with a wrong word would never apply, and one with a wrong name for everything would apply to everything.
    [Fact]
    public void Limits_Name_only_what_there_is()
    {
        foreach (var family in Clients.GroupBy(client => client.Family))
        {
            foreach (var limit in family.Key.Limits)
            {
                AssertHas(family.Select(client => client.Version), limit.Versions ?? []);
                AssertHas(family.Select(client => client.With), limit.With ?? []);
                AssertHas(Scenarios.Select(scenario => scenario.Name), limit.Scenarios ?? []);
                AssertHas(family.Key.Transports, limit.Transports ?? []);
                AssertHas(Ways.All, limit.Ways ?? []);
                AssertHas(Server.BehindGateway.Append(Server.RealClassic).Append(Server.RealCore).Select(server => server.Name), limit.Servers ?? []);
            }
        }
    }

    [Fact]
    public void Scenarios_Happen_only_in_ways_that_there_are() =>
        AssertHas(Happenings.All, Scenarios.Select(scenario => scenario.Happening).OfType<string>());

    [Fact]
    public void Diagonal_Has_each_client_once_and_everything_else_at_least_once()
    {
        var runs = MatrixRun.Diagonal(Clients).ToArray();

        Assert.Equal(Clients, runs.Select(run => run.Client));
        AssertHas(runs.Select(run => run.Server), Server.BehindGateway);
        AssertHas(runs.Select(run => run.Way), Ways.All);
        AssertHas(runs.Select(run => run.Transport), ["webSockets", "serverSentEvents", "longPolling"]);
    }

    [Fact]
    public void Read_A_client_twice_Names_it()
    {
        File.WriteAllText(Path.Combine(_temporary.FullName, "a.json"), $"[{Entry}, {Entry}]");

        Assert.Contains("lib 1.0", Assert.Throws<InvalidDataException>(() => ClientCatalogue.Read(_temporary.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_A_word_that_there_is_not_Names_file_and_word()
    {
        File.WriteAllText(Path.Combine(_temporary.FullName, "a.json"), $"[{Entry.Replace("\"drivers\"", "\"driver\"", StringComparison.Ordinal)}]");

        var message = Assert.Throws<InvalidDataException>(() => ClientCatalogue.Read(_temporary.FullName)).Message;

        Assert.Contains("a.json", message, StringComparison.Ordinal);
        Assert.Contains("'driver'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_A_driver_that_there_is_not_Names_file_and_driver()
    {
        File.WriteAllText(Path.Combine(_temporary.FullName, "a.json"), $"[{Entry.Replace("node", "deno", StringComparison.Ordinal)}]");

        var message = Assert.Throws<InvalidDataException>(() => ClientCatalogue.Read(_temporary.FullName)).Message;

        Assert.Contains("a.json", message, StringComparison.Ordinal);
        Assert.Contains("deno", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_An_entry_with_two_drivers_Makes_a_family_of_each()
    {
        File.WriteAllText(Path.Combine(_temporary.FullName, "a.json"), $"[{Entry.Replace("[\"node\"]", "[\"chromium\", \"firefox\"]", StringComparison.Ordinal)}]");

        var clients = ClientCatalogue.Read(_temporary.FullName);

        Assert.Equal(["lib 1.0", "lib-firefox 1.0"], clients.Select(client => client.Name));
        Assert.Equal(["A library, Chromium", "A library, Firefox"], clients.Select(client => client.Family.Title));
        Assert.Equal(["chromium", "firefox"], clients.Select(client => client.Driver));
    }

    [Theory]
    [InlineData("1.0", "stop", true)]
    [InlineData("2.0", "stop", false)]
    [InlineData("1.0", "invoke", false)]
    public void Covers_What_all_its_lists_have(string version, string scenario, bool isCovered)
    {
        var limit = new ClientLimit("why", Versions: ["1.0"], Scenarios: ["stop"]);

        Assert.Equal(isCovered, limit.Covers(Example.Client with { Version = version }, "webSockets", "core", Ways.Direct, scenario));
    }

    public void Dispose() => _temporary.Delete(recursive: true);

    private static void AssertHas<T>(IEnumerable<T> all, IEnumerable<T> some) => Assert.Empty(some.Except(all));
}
