namespace Tandem.Sdk.Owin;

/// <summary>Whether a client is served by the app server that answered its negotiate request.</summary>
public enum ServerStickyMode
{
    /// <summary>Any app server may serve the client. The default.</summary>
    Disabled,

    /// <summary>That app server if it is connected, any other otherwise.</summary>
    Preferred,

    /// <summary>That app server or none.</summary>
    Required,
}
