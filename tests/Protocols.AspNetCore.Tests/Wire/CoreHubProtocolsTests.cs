using Microsoft.Extensions.Options;
using Tandem.Protocols.AspNetCore.Wire;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

public sealed class CoreHubProtocolsTests
{
    private readonly CoreHubProtocols _protocols = new(Options.Create(new CoreProtocolOptions { MaxCustomProtocols = 2 }));

    [Fact]
    public void A_name_is_forgotten_with_its_last_connection()
    {
        var one = _protocols.Acquire("one")!;
        Assert.Same(one, _protocols.Acquire("ONE"));
        Assert.NotNull(_protocols.Acquire("two"));
        Assert.Null(_protocols.Acquire("three"));

        _protocols.Release(one);
        Assert.Null(_protocols.Acquire("three"));

        _protocols.Release(one);
        Assert.NotNull(_protocols.Acquire("three"));
        Assert.Null(_protocols.Acquire("one"));
    }

    [Fact]
    public void Known_names_do_not_count_and_stay()
    {
        foreach (var name in new[] { "json", "messagepack", "blazorpack" })
        {
            var known = _protocols.Acquire(name)!;
            _protocols.Release(known);
            _protocols.Release(known);
            Assert.Same(known, _protocols.Acquire(name));
        }

        Assert.NotNull(_protocols.Acquire("one"));
        Assert.NotNull(_protocols.Acquire("two"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_name_that_is_none_is_refused(int length) => Assert.Null(_protocols.Acquire(new string('x', length)));
}
