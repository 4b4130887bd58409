using Tandem.Compat.Matrix.Catalogue;

namespace Tandem.Compat.Matrix.Stages;

/// <summary>A kind of app server.</summary>
/// <param name="Name">In the catalogue, the report and filters.</param>
/// <param name="Title">For readers of the table.</param>
/// <param name="Generation">Of SignalR.</param>
internal sealed record Server(string Name, string Title, Generation Generation)
{
    /// <summary>ASP.NET SignalR behind the gateway, on Mono.</summary>
    public static readonly Server OwinMono = new("owin-mono", "OWIN on Mono", Generation.Classic);

    /// <summary>ASP.NET SignalR behind the gateway, on .NET.</summary>
    public static readonly Server OwinNet = new("owin-net", "OWIN on .NET 10", Generation.Classic);

    /// <summary>ASP.NET Core SignalR behind the gateway.</summary>
    public static readonly Server Core = new("core", "ASP.NET Core", Generation.Core);

    /// <summary>ASP.NET SignalR itself, without a gateway.</summary>
    public static readonly Server RealClassic = new("real-classic", "ASP.NET SignalR 2.4.1 itself", Generation.Classic);

    /// <summary>ASP.NET Core SignalR itself, without a gateway.</summary>
    public static readonly Server RealCore = new("real-core", "ASP.NET Core SignalR itself", Generation.Core);

    /// <summary>Those behind the gateway.</summary>
    public static Server[] BehindGateway { get; } = [OwinMono, OwinNet, Core];

    /// <summary>One of those behind the gateway.</summary>
    public static Server Named(string name) => BehindGateway.First(server => server.Name == name);

    /// <summary>Whether there is no gateway in front.</summary>
    public bool IsReal => this == RealClassic || this == RealCore;

    /// <summary>What it is called in the limits of clients: the server itself is what those behind the gateway are that it is compared with.</summary>
    public IEnumerable<string> Names => IsReal ? BehindGateway.Where(server => server.Generation == Generation).Select(server => server.Name) : [Name];

    /// <summary>The server itself that a client of the generation is made for.</summary>
    public static Server RealOf(Generation generation) => generation == Generation.Classic ? RealClassic : RealCore;
}
