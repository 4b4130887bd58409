namespace Tandem.Sdk.Owin;

/// <summary>A request of a client of ASP.NET Core SignalR.</summary>
internal sealed class CoreRequest
{
    public CoreRequest(string hub, bool isNegotiate)
    {
        Hub = hub;
        IsNegotiate = isNegotiate;
    }

    /// <summary>The hub, as the client has written it.</summary>
    public string Hub { get; }

    /// <summary>False: the client connects without having negotiated.</summary>
    public bool IsNegotiate { get; }
}
