namespace Tandem.Sdk.Connections.Tests;

public sealed class ConnectionStringTests
{
    private const string Key = "0123456789abcdefghijklmnopqrstuvwxyz";

    [Fact]
    public void Endpoint_and_key_are_enough()
    {
        var parsed = ConnectionString.Parse($"Endpoint=http://localhost:8888;AccessKey={Key}");

        Assert.Equal("http://localhost:8888/", parsed.Endpoint.AbsoluteUri);
        Assert.Equal(parsed.Endpoint, parsed.ClientEndpoint);
        Assert.Equal(parsed.Endpoint, parsed.ServerEndpoint);
        Assert.Equal(Key, parsed.AccessKey);
        Assert.Null(parsed.Version);
    }

    [Theory]
    [InlineData("endpoint=https://a.example/; accesskey = {0} ;Version=1.0;")]
    [InlineData(";;Endpoint=https://a.example;ACCESSKEY={0};version=1.0;;")]
    public void Keys_have_no_case_and_pieces_are_trimmed(string text)
    {
        var parsed = ConnectionString.Parse(text.Replace("{0}", Key, StringComparison.Ordinal));

        Assert.Equal("https://a.example/", parsed.Endpoint.AbsoluteUri);
        Assert.Equal(Key, parsed.AccessKey);
        Assert.Equal("1.0", parsed.Version);
    }

    [Fact]
    public void A_key_may_hold_equals_signs()
    {
        var parsed = ConnectionString.Parse($"Endpoint=http://a;AccessKey={Key}==");

        Assert.Equal(Key + "==", parsed.AccessKey);
    }

    [Theory]
    [InlineData("1.0", "1.0")]
    [InlineData("1.12-preview", "1.12-preview")]
    [InlineData("2.0", null)]
    [InlineData("one", null)]
    public void A_version_of_another_form_is_ignored(string text, string? expected)
    {
        Assert.Equal(expected, ConnectionString.Parse($"Endpoint=http://a;AccessKey={Key};Version={text}").Version);
    }

    [Fact]
    public void Port_replaces_the_endpoints_own()
    {
        Assert.Equal("http://a:81/", ConnectionString.Parse($"Endpoint=http://a:80;AccessKey={Key};Port=81").Endpoint.AbsoluteUri);
    }

    [Fact]
    public void Clients_and_servers_may_have_addresses_of_their_own()
    {
        var parsed = ConnectionString.Parse(
            $"Endpoint=http://a;AccessKey={Key};ClientEndpoint=https://clients.example/rt;ServerEndpoint=http://inside:1");

        Assert.Equal("https://clients.example/rt/", parsed.ClientEndpoint.AbsoluteUri);
        Assert.Equal("http://inside:1/", parsed.ServerEndpoint.AbsoluteUri);
        Assert.Equal("http://a/", parsed.AudienceBase);
    }

    [Theory]
    [InlineData("", "Endpoint and AccessKey")]
    [InlineData("Endpoint=http://a", "Endpoint and AccessKey")]
    [InlineData("Endpoint=http://a;secretpiece", "key=value")]
    [InlineData("Endpoint=http://a;Endpoint=http://b", "Endpoint twice")]
    [InlineData("Version=1.0;AccessKey={0}", "no Endpoint")]
    [InlineData("Endpoint=a;AccessKey={0}", "Endpoint 'a'")]
    [InlineData("Endpoint=ftp://a;AccessKey={0}", "Endpoint 'ftp://a'")]
    [InlineData("Endpoint=http://a?x=1;AccessKey={0}", "Endpoint has a query")]
    [InlineData("Endpoint=http://a;Version=1.0", "no AccessKey")]
    [InlineData("Endpoint=http://a;AccessKey=short", "shorter than 32 bytes")]
    [InlineData("Endpoint=http://a;AccessKey={0};Port=0", "Port '0'")]
    [InlineData("Endpoint=http://a;AccessKey={0};Port=x", "Port 'x'")]
    [InlineData("Endpoint=http://a;AccessKey={0};ClientEndpoint=nowhere", "ClientEndpoint 'nowhere'")]
    [InlineData("Endpoint=http://a;AccessKey={0};AuthType=azure.msi", "AuthType 'azure.msi'")]
    public void Errors_name_the_part_and_never_the_key(string text, string expected)
    {
        var error = Assert.Throws<FormatException>(() => ConnectionString.Parse(text.Replace("{0}", Key, StringComparison.Ordinal)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secretpiece", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_text_does_not_show_the_key()
    {
        var endpoint = new TandemEndpoint($"Endpoint=http://a:1;AccessKey={Key}", EndpointType.Secondary, "east");

        Assert.Equal("Endpoint=http://a:1/;AccessKey=***", endpoint.ConnectionString.ToString());
        Assert.Equal("east (http://a:1/)", endpoint.ToString());
    }

    [Theory]
    [InlineData("east", "east", EndpointType.Primary)]
    [InlineData("east:primary", "east", EndpointType.Primary)]
    [InlineData("east:Secondary", "east", EndpointType.Secondary)]
    public void Configuration_names_an_endpoint_and_its_type(string key, string name, EndpointType type)
    {
        var endpoint = TandemEndpoint.FromConfiguration(key, $"Endpoint=http://a;AccessKey={Key}");

        Assert.Equal(name, endpoint.Name);
        Assert.Equal(type, endpoint.Type);
    }

    [Fact]
    public void An_unknown_endpoint_type_is_refused()
    {
        var error = Assert.Throws<FormatException>(() => TandemEndpoint.FromConfiguration("east:tertiary", $"Endpoint=http://a;AccessKey={Key}"));

        Assert.Contains("'tertiary'", error.Message, StringComparison.Ordinal);
    }
}
