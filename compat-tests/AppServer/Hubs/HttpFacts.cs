using MessagePack;

namespace Tandem.AppServer.Hubs;

/// <summary>What the hub sees of the request that opened the caller's connection.</summary>
[MessagePackObject]
public sealed class HttpFacts
{
    [Key("path")]
    public string? Path { get; set; }

    [Key("colour")]
    public string? Colour { get; set; }

    [Key("queryKeys")]
    public string[] QueryKeys { get; set; } = [];

    [Key("header")]
    public string? Header { get; set; }

    [Key("userAgent")]
    public string? UserAgent { get; set; }

    [Key("hasAuthorizationHeader")]
    public bool HasAuthorizationHeader { get; set; }

    [Key("isLoopback")]
    public bool IsLoopback { get; set; }
}
