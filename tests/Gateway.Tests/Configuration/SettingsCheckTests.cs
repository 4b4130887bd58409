using Microsoft.Extensions.Configuration;
using Tandem.Gateway.Configuration;

namespace Tandem.Gateway.Tests.Configuration;

public sealed class SettingsCheckTests
{
    private const string Key = "0123456789012345678901234567890123456789";

    [Fact]
    public void A_key_is_all_that_is_needed() => Assert.Empty(Check([]));

    [Fact]
    public void Every_setting_can_be_set_to_its_default()
    {
        var settings =
            from section in SettingsCatalog.Sections
            from setting in section.Settings
            where !setting.IsList && setting.Default is not null
            select (setting.Name, SettingText.Default(setting));
        Assert.Empty(Check([.. settings]));
    }

    [Theory]
    [InlineData("Tandem:Limts:MaxHubs", "1", "Tandem:Limts is not a setting. Tandem has: Endpoint, AccessKeys, ClockSkew, Clients, Limits,")]
    [InlineData("Tandem:Limits:MaxHub", "1", "Tandem:Limits:MaxHub is not a setting. Tandem:Limits has: MaxConnections,")]
    [InlineData("Tandem:Limits:MaxHubs:x", "1", "has nothing below it")]
    [InlineData("Tandem:Limits", "1", "Tandem:Limits is a section")]
    [InlineData("Tandem:Limits:MaxHubs", "many", "Tandem:Limits:MaxHubs is \"many\", which is no number.")]
    [InlineData("Tandem:Limits:MaxHubs", "", "Tandem:Limits:MaxHubs is empty")]
    [InlineData("Tandem:Limits:MaxHubs", "0", "Tandem:Limits:MaxHubs is 0; it must be 1 to 1000000 (number).")]
    [InlineData("Tandem:Limits:MaxHubs", "99999999999", "which is no number")]
    [InlineData("Tandem:Drain:Timeout", "soon", "Tandem:Drain:Timeout is \"soon\", which is no time, hh:mm:ss.")]
    [InlineData("Tandem:Drain:Timeout", "00:00:00", "it must be 00:00:01 to 00:10:00")]
    [InlineData("Tandem:Servers:MaxMessageBytes", "5", "(bytes)")]
    [InlineData("Tandem:AccessKeys", "x", "Tandem:AccessKeys is a list")]
    [InlineData("Tandem:AccessKeys:first", "x", "numbered from 0")]
    [InlineData("Tandem:AccessKeys:1", "short", "Tandem:AccessKeys:1 has 5 characters")]
    [InlineData("Tandem:AccessKeys:1", Key + ";", "semicolon")]
    [InlineData("Tandem:AccessKeys:0", "", "Tandem:AccessKeys:0 has 0 characters")]
    [InlineData("Tandem:Endpoint", "example.org", "Tandem:Endpoint is \"example.org\"")]
    [InlineData("Tandem:Endpoint", "https://example.org/path", "without path")]
    [InlineData("Tandem:Clients:AllowedOrigins:0", "example.org", "Tandem:Clients:AllowedOrigins has \"example.org\"")]
    [InlineData("urls", "localhost", "urls has \"localhost\"")]
    public void What_is_wrong_is_named(string name, string value, string expected)
    {
        var error = Assert.Single(Check([(name, value)]));
        Assert.Contains(expected, error);
        Assert.DoesNotContain(Key, error);
    }

    [Theory]
    [InlineData("tandem:limits:maxhubs", "5")]
    [InlineData("Tandem:Limits:ClientsPerServerConnection", "")]
    [InlineData("Tandem:Endpoint", "")]
    [InlineData("Tandem:Endpoint", "https://example.org:8443/")]
    [InlineData("Tandem:Clients:AllowedOrigins:0", "*")]
    [InlineData("Tandem:Clients:AllowedOrigins:0", "https://*.example.org")]
    [InlineData("Tandem:ConnectionString", "of an app server in the same environment")]
    [InlineData("urls", "http://*:80;http://[::1]:0;https://localhost:5001")]
    public void What_is_right_passes(string name, string value) => Assert.Empty(Check([(name, value)]));

    [Fact]
    public void Everything_wrong_is_named_at_once()
    {
        var errors = Check([("Tandem:X", "1"), ("Tandem:Limits:MaxHubs", "0"), ("Tandem:Drain:Delay", "x"), ("urls", "y")]);
        Assert.Equal(4, errors.Count);
    }

    [Fact]
    public void A_third_key_is_one_too_many() =>
        Assert.Contains("2 at most", Assert.Single(Check([("Tandem:AccessKeys:1", Key), ("Tandem:AccessKeys:2", Key)])));

    private static IReadOnlyList<string> Check((string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Tandem:AccessKeys:0"] = Key };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return SettingsCheck.Check(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }
}
