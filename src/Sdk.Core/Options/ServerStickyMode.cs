namespace Tandem.Sdk.Core;

/// <summary>Whether a client is served by the app server that answered its negotiate request.</summary>
public enum ServerStickyMode
{
    /// <summary>Any app server may serve the client. The default, except for Blazor Server.</summary>
    Disabled,

    /// <summary>That app server if it is connected, any other otherwise.</summary>
    Preferred,

    /// <summary>That app server or none. Always so for Blazor Server, whose prerendered state lives in that process.</summary>
    Required,
}
