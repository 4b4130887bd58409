namespace Tandem.Compat.Clients;

/// <summary>Which client a member is, and where it goes.</summary>
internal sealed class MemberSettings
{
    /// <summary>Classic: of all hubs. ASP.NET Core: of the hub.</summary>
    public string Url { get; set; } = "";

    /// <summary>What the client adds to the URL.</summary>
    public Dictionary<string, string> Query { get; set; } = [];

    /// <summary>The access token; null where the app server says who the client is.</summary>
    public string? Token { get; set; }

    /// <summary>The name of the hub, where the URL does not say it.</summary>
    public string Hub { get; set; } = "";

    /// <summary>The only transport it may use: webSockets, serverSentEvents or longPolling.</summary>
    public string Transport { get; set; } = "";

    /// <summary>json or messagepack.</summary>
    public string Protocol { get; set; } = "json";

    /// <summary>Whether the client is to come back by itself where that is for the application to say.</summary>
    public bool Reconnect { get; set; }
}
