using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Gateway;

/// <summary>What the gateway is called and who may use it (section <c>Tandem</c>).</summary>
public sealed class GatewayOptions
{
    /// <summary>Name of the section.</summary>
    public const string SectionName = "Tandem";

    /// <summary>URL under which clients and app servers reach the gateway; null for the address it listens on.</summary>
    [Description("URL under which clients and app servers reach the gateway, as it stands in connection strings; the address it listens on when empty.")]
    public string? Endpoint { get; set; }

    /// <summary>
    /// One or two keys that access tokens may be signed with; both are accepted, so that a key can be replaced without an outage. Each
    /// has 32 characters or more: a signature with HMAC-SHA256 is no stronger than its key, and libraries refuse to sign with a shorter one.
    /// </summary>
    [Description("One or two keys that access tokens are signed with, at least 32 characters each. Both are accepted; a changed appsettings.json is read without restart.")]
    public IReadOnlyList<string> AccessKeys { get; set; } = [];

    /// <summary>How far the clocks of app servers and of the gateway may be apart: tokens are good for so long before and after what they say.</summary>
    [Description("How far clocks of app servers may differ from the gateway's: access tokens are good for so much longer, and earlier, than they say.")]
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);
}
