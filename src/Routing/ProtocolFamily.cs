namespace Tandem.Routing;

/// <summary>The two generations of SignalR. Messages are never translated inside a family.</summary>
public enum ProtocolFamily
{
    /// <summary>ASP.NET Core SignalR: payloads are framed hub messages.</summary>
    Core,

    /// <summary>ASP.NET SignalR 2.x: payloads are nested frames with JSON in them.</summary>
    Classic,
}
