using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections.Tests;

public sealed class AccessTokenTests
{
    private const string Key = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static readonly ConnectionString Gateway = ConnectionString.Parse($"Endpoint=https://rt.example:444/base;AccessKey={Key}");

    [Fact]
    public void A_token_says_for_whom_and_for_how_long()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var text = new AccessTokenFactory(Gateway, time).Create(EndpointUrls.ClientAudience(Gateway, "chat"), [], TimeSpan.FromMinutes(5));

        var token = new JsonWebToken(text);
        Assert.Equal("HS256", token.Alg);
        Assert.Equal(["https://rt.example/client/?hub=chat"], token.Audiences);
        Assert.Equal(time.GetUtcNow().UtcDateTime, token.IssuedAt);
        Assert.Equal(time.GetUtcNow().UtcDateTime, token.ValidFrom);
        Assert.Equal(time.GetUtcNow().UtcDateTime.AddMinutes(5), token.ValidTo);
    }

    [Fact]
    public async Task The_key_signs_with_the_bytes_of_its_text()
    {
        var text = new AccessTokenFactory(Gateway, TimeProvider.System).Create("https://x/", [], TimeSpan.FromMinutes(5));

        var result = await ValidateAsync(text);

        Assert.True(result.IsValid, result.Exception?.Message);
    }

    [Fact]
    public void A_token_that_is_too_long_names_its_size()
    {
        var claims = new Dictionary<string, object> { ["note"] = new string('x', 4000) };
        var factory = new AccessTokenFactory(Gateway, TimeProvider.System);

        var error = Assert.Throws<AccessTokenTooLongException>(() => factory.Create("https://x/", claims, TimeSpan.FromMinutes(5)));

        Assert.True(error.Length > 4096);
        Assert.Contains(error.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ClaimTypes.NameIdentifier)]
    [InlineData(ClaimTypes.Name)]
    [InlineData(ClaimTypes.Role)]
    [InlineData("sub")]
    [InlineData("role")]
    [InlineData("roles")]
    [InlineData("name")]
    [InlineData("iss")]
    [InlineData("exp")]
    [InlineData("azp")]
    [InlineData("asrs.s.uid")]
    [InlineData("asrs.u.exp")]
    [InlineData("custom")]
    public async Task A_claim_comes_back_as_it_was_although_gateways_translate_names(string type)
    {
        var claims = new Dictionary<string, object>();
        TokenClaims.AddUserClaim(claims, type, "one");
        TokenClaims.AddUserClaim(claims, type, "two");
        TokenClaims.AddUserClaim(claims, type, "three");
        var text = new AccessTokenFactory(Gateway, TimeProvider.System).Create("https://x/", claims, TimeSpan.FromMinutes(5));

        var result = await ValidateAsync(text);

        Assert.True(result.IsValid, result.Exception?.Message);
        var back = result.ClaimsIdentity.Claims.Select(claim => (Type: TokenClaims.ToUserClaimType(claim.Type), claim.Value)).Where(claim => claim.Type is not null);
        Assert.Equal([(type, "one"), (type, "two"), (type, "three")], back);
    }

    [Fact]
    public void Urls_are_built_as_the_service_protocol_says()
    {
        Assert.Equal("wss://rt.example:444/base/server/?hub=app_chat&cid=1", EndpointUrls.Server(Gateway, "app_chat", "1", null).AbsoluteUri);
        Assert.Equal("wss://rt.example:444/base/server/?hub=app_chat&cid=1&target=a%26b", EndpointUrls.Server(Gateway, "app_chat", "1", "a&b").AbsoluteUri);
        Assert.Equal("https://rt.example:444/base/client/?hub=app_chat", EndpointUrls.Client(Gateway, "app_chat"));
        Assert.Equal("https://rt.example/server/?hub=app_chat", EndpointUrls.ServerAudience(Gateway, "app_chat"));
        Assert.Equal(
            "wss://rt.example:444/base/aspnetserver/?hub=app_app&cid=1", EndpointUrls.Server(Gateway, "app_app", "1", null, ServicePaths.ClassicServer).AbsoluteUri);
        Assert.Equal("https://rt.example/aspnetserver/?hub=app_app", EndpointUrls.ServerAudience(Gateway, "app_app", ServicePaths.ClassicServer));
        Assert.Equal("https://rt.example/aspnetclient", EndpointUrls.ClassicClientAudience(Gateway));
        Assert.Equal("chat", ServicePaths.PrefixedHub(null, "Chat"));
    }

    private static Task<TokenValidationResult> ValidateAsync(string text) =>
        // What a gateway does: the JWT library with its default translation of claim names.
        new JsonWebTokenHandler { MapInboundClaims = true }.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidateIssuer = false,
            ValidateAudience = false,
            IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Key)),
        });
}
