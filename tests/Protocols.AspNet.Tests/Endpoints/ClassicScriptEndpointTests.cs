using Tandem.Protocols.AspNet.Endpoints;

namespace Tandem.Protocols.AspNet.Tests.Endpoints;

public sealed class ClassicScriptEndpointTests
{
    [Fact]
    public void The_script_points_to_the_path_of_the_mapping() =>
        Assert.Equal(
            "signalR.hub = $.hubConnection(\"/signalr\", { useDefaultPath: false });",
            ClassicScriptEndpoint.PointTo("signalR.hub = $.hubConnection(\"/{tandem-url}\", { useDefaultPath: false });", "/signalr"));

    [Fact]
    public void A_path_cannot_leave_its_text() =>
        Assert.DoesNotContain("\"x", ClassicScriptEndpoint.PointTo("'/{tandem-url}'", "/a\"x</script>"), StringComparison.Ordinal);
}
