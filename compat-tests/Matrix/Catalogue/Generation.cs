namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>Of SignalR: what a client or an app server speaks.</summary>
internal enum Generation
{
    /// <summary>ASP.NET SignalR 2.x.</summary>
    Classic,

    /// <summary>ASP.NET Core SignalR.</summary>
    Core,
}
