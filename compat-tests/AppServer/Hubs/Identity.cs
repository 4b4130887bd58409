using MessagePack;

namespace Tandem.AppServer.Hubs;

/// <summary>Who the hub takes its caller for.</summary>
[MessagePackObject]
public sealed class Identity
{
    [Key("user")]
    public string? User { get; set; }

    [Key("name")]
    public string? Name { get; set; }

    [Key("isAuthenticated")]
    public bool IsAuthenticated { get; set; }

    [Key("isAdministrator")]
    public bool IsAdministrator { get; set; }

    [Key("colours")]
    public string[] Colours { get; set; } = [];

    [Key("claimTypes")]
    public string[] ClaimTypes { get; set; } = [];
}
