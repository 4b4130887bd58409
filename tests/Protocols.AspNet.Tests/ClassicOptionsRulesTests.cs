namespace Tandem.Protocols.AspNet.Tests;

public sealed class ClassicOptionsRulesTests
{
    [Fact]
    public void The_defaults_are_well()
    {
        Assert.Empty(ClassicOptionsRules.Check(new ClassicProtocolOptions(), new Dictionary<string, ClassicApplicationOptions>()));
        Assert.Empty(Check(new ClassicApplicationOptions()));
    }

    [Theory]
    [InlineData(10, 30, true)]
    [InlineData(11, 30, false)]
    [InlineData(2, 6, true)]
    [InlineData(null, 6, true)]
    public void Keep_alives_come_three_times_in_a_disconnect_timeout(int? keepAlive, int disconnect, bool isWell)
    {
        var options = new ClassicProtocolOptions
        {
            KeepAlive = keepAlive is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            DisconnectTimeout = TimeSpan.FromSeconds(disconnect),
        };
        Assert.Equal(isWell, !ClassicOptionsRules.Check(options, new Dictionary<string, ClassicApplicationOptions>()).Any());
        Assert.Equal(isWell, !Check(new ClassicApplicationOptions { KeepAlive = options.KeepAlive, DisconnectTimeout = options.DisconnectTimeout }).Any()
            || (keepAlive is null && disconnect == 6));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(11, false)]
    public void An_application_may_have_no_keep_alives_and_none_that_are_too_frequent(int seconds, bool isWell)
    {
        var application = new ClassicApplicationOptions { KeepAlive = TimeSpan.FromSeconds(seconds) };
        Assert.Equal(isWell, !Check(application).Any());
        Assert.Equal(seconds == 0, ClassicTimes.Of(new ClassicProtocolOptions(), application).KeepAlive is null);
    }

    [Theory]
    [InlineData("/signalr", true)]
    [InlineData("/a/b.c_d~e-f", true)]
    [InlineData("signalr", false)]
    [InlineData("/", false)]
    [InlineData("", false)]
    [InlineData("/signalr/", false)]
    [InlineData("/a//b", false)]
    [InlineData("/{a}", false)]
    [InlineData("/a?b", false)]
    [InlineData("/client", false)]
    [InlineData("/Client/x", false)]
    [InlineData("/clients", true)]
    [InlineData("/aspnetclient", false)]
    [InlineData("/health", false)]
    public void Paths_are_paths_and_not_the_gateways_own(string path, bool isWell) =>
        Assert.Equal(isWell, !Check(new ClassicApplicationOptions { Path = path }).Any());

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("https://login.example", "api", true)]
    [InlineData("http://localhost:5000", "api", true)]
    [InlineData("http://login.example", "api", false)]
    [InlineData("login.example", "api", false)]
    [InlineData("https://login.example", null, false)]
    [InlineData(null, "api", false)]
    public void An_authority_comes_with_an_audience(string? authority, string? audience, bool isWell) =>
        Assert.Equal(isWell, !Check(new ClassicApplicationOptions { Authority = authority, Audience = audience }).Any());

    [Theory]
    [InlineData(null, true)]
    [InlineData("My.Shop-1_2", true)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    public void An_application_may_be_named_otherwise_than_its_section(string? name, bool isWell) =>
        Assert.Equal(isWell, !Check(new ClassicApplicationOptions { Application = name }).Any());

    [Fact]
    public void Paths_of_two_applications_are_apart_and_all_errors_are_said_at_once()
    {
        var applications = new Dictionary<string, ClassicApplicationOptions>
        {
            ["shop"] = new() { Path = "/signalr" },
            ["bank"] = new() { Path = "/SignalR/bank" },
            ["a b"] = new() { Path = "x", Audience = "y" },
        };

        var errors = ClassicOptionsRules.Check(new ClassicProtocolOptions(), applications).ToArray();

        Assert.Equal(4, errors.Length);
        Assert.Contains(errors, error => error.Contains("bank", StringComparison.Ordinal) && error.Contains("shop", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("shop", "shop_eu", false)]
    [InlineData("Shop_EU", "shop", false)]
    [InlineData("shop", "shop-eu", true)]
    [InlineData("shop", "shops_eu", true)]
    [InlineData("shop_eu", "shop_us", true)]
    public void Names_of_two_applications_leave_no_doubt_whose_a_hub_is(string one, string other, bool isWell)
    {
        var applications = new Dictionary<string, ClassicApplicationOptions> { ["x"] = new() { Application = one }, [other] = new() { Path = "/other" } };

        var errors = ClassicOptionsRules.Check(new ClassicProtocolOptions(), applications).ToArray();

        Assert.Equal(isWell, errors.Length == 0);
    }

    [Fact]
    public void Two_paths_of_one_application_are_well()
    {
        var applications = new Dictionary<string, ClassicApplicationOptions> { ["shop"] = new(), ["shop_raw"] = new() { Application = "SHOP", Path = "/raw" } };

        Assert.Empty(ClassicOptionsRules.Check(new ClassicProtocolOptions(), applications));
    }

    private static IEnumerable<string> Check(ClassicApplicationOptions application) =>
        ClassicOptionsRules.Check(new ClassicProtocolOptions(), new Dictionary<string, ClassicApplicationOptions> { ["shop"] = application });
}
