using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Reporting;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

/// <summary>That the list of limits says shortly where they show.</summary>
public sealed class LimitListTests
{
    private static readonly Client[] Clients =
        [.. from version in new[] { "1.0", "2.0", "3.0" } from with in new[] { "jQuery 1", "jQuery 3" } select Example.Client with { Version = version, With = with }];

    [Theory]
    [InlineData("* *", "")]
    [InlineData("1.0 *", "1.0; ")]
    [InlineData("1.0 *|2.0 *", "1.0, 2.0; ")]
    [InlineData("* 1", "with jQuery 1; ")]
    [InlineData("2.0 3", "2.0 with jQuery 3; ")]
    [InlineData("1.0 *|2.0 *|3.0 1", "all but 3.0 with jQuery 3; ")]
    public void Lines_Name_versions(string limited, string expected)
    {
        var runs =
            from client in Clients
            where limited.Split('|').Any(pair => Matches(client.Version, pair.Split(' ')[0]) && Matches(client.With, pair.Split(' ')[1]))
            select Example.Reported(("invoke", Example.Limit)) with { Version = client.Version, With = client.With };

        Assert.Equal($"`invoke`: it is old ({expected}webSockets; owin-net; direct). Cannot be asked of the server itself.", Assert.Single(new LimitList(Example.Family, Clients, runs).Lines()));
    }

    [Fact]
    public void Lines_Of_translated_clients_say_nothing_of_the_server_itself() => Assert.Equal(
        "`invoke`: it is old (webSockets; core; direct).",
        Assert.Single(new LimitList(Example.Family, [Example.Client], [Example.ReportedOn(Server.Core, ("invoke", Example.Limit))]).Lines()));

    private static bool Matches(string text, string end) => end == "*" || text.EndsWith(end, StringComparison.Ordinal);
}
