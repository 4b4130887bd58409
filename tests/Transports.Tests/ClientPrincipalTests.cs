using System.Security.Claims;

namespace Tandem.Transports.Tests;

public class ClientPrincipalTests
{
    [Fact]
    public void Without_claims_everything_has_its_default()
    {
        var principal = Principal();
        Assert.Null(principal.UserId);
        Assert.Null(principal.StickyServerId);
        Assert.False(principal.StickyRequired);
        Assert.Equal(ClientTransports.All, principal.AllowedTransports);
        Assert.Null(principal.LongPoll);
        Assert.Null(principal.HandshakeTimeout);
        Assert.Null(principal.ExpiresOn);
        Assert.False(principal.DetailedErrors);
    }

    [Fact]
    public void The_user_of_the_app_beats_the_name_identifier()
    {
        Assert.Equal("app", Principal(("asrs.s.uid", "app"), (ClaimTypes.NameIdentifier, "jwt")).UserId);
        Assert.Equal("jwt", Principal((ClaimTypes.NameIdentifier, "jwt")).UserId);
        Assert.Equal("sub", Principal(("sub", "sub")).UserId);
    }

    [Theory]
    [InlineData("Preferred", "server", false)]
    [InlineData("Required", "server", true)]
    [InlineData("required", "server", true)]
    [InlineData("Disabled", null, false)]
    public void Stickiness_is_what_the_token_says(string mode, string? server, bool required)
    {
        var principal = Principal(("asrs.s.sn", "server"), ("asrs.s.ssticky", mode));
        Assert.Equal(server, principal.StickyServerId);
        Assert.Equal(required, principal.StickyRequired);
    }

    [Fact]
    public void Limits_are_read_from_claims()
    {
        var principal = Principal(
            ("asrs.s.ttl", "7"), ("asrs.s.cht", "3"), ("asrs.s.htt", "5"), ("asrs.s.derror", "True"), ("asrs.s.coae", "true"), ("asrs.s.aeo", "1000"));
        Assert.Equal(TimeSpan.FromSeconds(7), principal.LongPoll);
        Assert.Equal(TimeSpan.FromSeconds(3), principal.HandshakeTimeout);
        Assert.Equal(ClientTransports.WebSockets | ClientTransports.LongPolling, principal.AllowedTransports);
        Assert.True(principal.DetailedErrors);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1000), principal.ExpiresOn);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("301")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("x")]
    [InlineData("")]
    public void Values_that_make_no_sense_count_as_absent(string value)
    {
        var principal = Principal(("asrs.s.ttl", value), ("asrs.s.cht", value), ("asrs.s.htt", value), ("asrs.s.aeo", "1000"), ("asrs.s.coae", value));
        Assert.Null(principal.LongPoll);
        Assert.Null(principal.HandshakeTimeout);
        Assert.Equal(ClientTransports.All, principal.AllowedTransports);
        Assert.Null(principal.ExpiresOn);
    }

    private static ClientPrincipal Principal(params (string Type, string Value)[] claims) =>
        new(new ClaimsPrincipal(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "test")));
}
