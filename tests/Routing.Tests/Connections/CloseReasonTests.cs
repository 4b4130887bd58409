using System.Text.RegularExpressions;
using Tandem.Routing.Connections;

namespace Tandem.Routing.Tests.Connections;

public partial class CloseReasonTests
{
    [Fact]
    public void Every_reason_has_a_sentence_and_a_tag_of_its_own()
    {
        var reasons = Enum.GetValues<CloseReason>().Where(reason => reason != CloseReason.None).ToArray();

        Assert.All(reasons, reason => Assert.Equal(SnakeCase(reason.ToString()), reason.ToTag()));
        Assert.Equal(reasons.Length, reasons.Select(reason => reason.Describe()).Distinct().Count());
        Assert.DoesNotContain(CloseReason.None.Describe(), reasons.Select(reason => reason.Describe()));
        Assert.Equal("none", CloseReason.None.ToTag());
    }

    [Theory]
    [InlineData(CloseReason.ClientClosed, false)]
    [InlineData(CloseReason.AppServerClosed, false)]
    [InlineData(CloseReason.ServerConnectionLost, true)]
    [InlineData(CloseReason.Shutdown, true)]
    [InlineData(CloseReason.NoServerAvailable, true)]
    [InlineData(CloseReason.HandshakeTimeout, false)]
    [InlineData(CloseReason.HandshakeInvalid, false)]
    [InlineData(CloseReason.ProtocolViolation, false)]
    [InlineData(CloseReason.MessageTooLarge, false)]
    [InlineData(CloseReason.Overloaded, true)]
    [InlineData(CloseReason.TokenRejected, false)]
    [InlineData(CloseReason.TokenExpired, true)]
    [InlineData(CloseReason.SlowConsumer, true)]
    [InlineData(CloseReason.InternalError, true)]
    public void Clients_come_back_when_the_table_of_reasons_says_so(CloseReason reason, bool comesBack) =>
        Assert.Equal(comesBack, reason.ShouldReconnect());

    private static string SnakeCase(string name) => Hump().Replace(name, "_$0").TrimStart('_').ToLowerInvariant();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Hump();
}
