using Microsoft.AspNetCore.DataProtection;
using Tandem.Protocols.AspNet.Connections;

namespace Tandem.Protocols.AspNet.Tests.Connections;

public sealed class ConnectionTokensTests
{
    private const string Id = "539e4061-2fab-4567-a9b6-876e6816dc17";

    private readonly ConnectionTokens _tokens = new(new EphemeralDataProtectionProvider());

    [Theory]
    [InlineData(null, "")]
    [InlineData("ann", "ann")]
    [InlineData("a:b:ü", "a:b:ü")]
    public void A_token_gives_back_id_and_user(string? user, string read)
    {
        var token = _tokens.Protect("Shop", Id, user);

        Assert.True(_tokens.TryUnprotect("shop", token, out var id, out var name));
        Assert.Equal(Id, id);
        Assert.Equal(read, name);
        Assert.DoesNotContain(Id, token, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_another_application_or_key_ring_is_foreign()
    {
        var token = _tokens.Protect("shop", Id, null);

        Assert.False(_tokens.TryUnprotect("bank", token, out _, out _));
        Assert.False(new ConnectionTokens(new EphemeralDataProtectionProvider()).TryUnprotect("shop", token, out _, out _));
    }

    [Fact]
    public void A_token_changed_anywhere_is_refused()
    {
        var token = _tokens.Protect("shop", Id, "ann");
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.False(_tokens.TryUnprotect("shop", changed, out _, out _));
        }
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("ü")]
    [InlineData("a=b+/")]
    public void Garbage_is_refused(string token) => Assert.False(_tokens.TryUnprotect("shop", token, out _, out _));

    [Fact]
    public void A_token_longer_than_any_is_refused() => Assert.False(_tokens.TryUnprotect("shop", new string('x', 100_000), out _, out _));
}
