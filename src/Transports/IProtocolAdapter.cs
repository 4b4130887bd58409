using Microsoft.AspNetCore.Routing;

namespace Tandem.Transports;

/// <summary>One family of client protocols. All the gateway knows about that family is behind this type.</summary>
public interface IProtocolAdapter
{
    /// <summary>Lower-case name used in configuration and logs: <c>classic</c>, <c>core</c>.</summary>
    string Name { get; }

    /// <summary>Maps negotiate, connect, send, poll … and requires <see cref="ClientPolicy.Name"/> on each of them.</summary>
    void MapEndpoints(IEndpointRouteBuilder endpoints);
}
