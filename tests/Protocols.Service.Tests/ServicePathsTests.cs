namespace Tandem.Protocols.Service.Tests;

public class ServicePathsTests
{
    [Theory]
    [InlineData(null, "Chat", "chat")]
    [InlineData("", "Chat", "chat")]
    [InlineData("MyApp", "ChatHub", "myapp_chathub")]
    // The invariant lower case, whatever the culture: a Turkish server must meet a German one.
    [InlineData("APPI", "HUBI", "appi_hubi")]
    public void The_hub_is_named_in_lower_case_behind_its_application(string? application, string hub, string expected)
    {
        Assert.Equal(expected, ServicePaths.PrefixedHub(application, hub));
    }
}
