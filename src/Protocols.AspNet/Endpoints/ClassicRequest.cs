using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Protocols.Service;
using Tandem.Routing.Diagnostics;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>A request of a classic client that may be there: authenticated, its hubs read.</summary>
internal sealed record ClassicRequest(
    HttpContext Context, ClassicMapping Mapping, ClientPrincipal Principal, string Application, IReadOnlyList<string>? Hubs)
{
    /// <summary>The transport; <see cref="ClientTransports.None"/> before it is read.</summary>
    public ClientTransports Transport { get; init; }

    /// <summary>The connection id in the token; empty before it is read.</summary>
    public string ConnectionId { get; init; } = string.Empty;

    /// <summary>The protocol version.</summary>
    public Version Version { get; } = ClassicProtocolVersion.Read(Query(Context.Request, "clientProtocol"));

    /// <summary>What the client is made with, as far as this request says.</summary>
    public ClientLibrary Library => ClientLibraries.ReadClassic(Context.Request, Query(Context.Request, "clientProtocol"));

    /// <summary>The path, by whose end a request is told apart from others.</summary>
    public string Path => Context.Request.Path.Value ?? string.Empty;

    /// <summary>Whether the path ends so, in whatever case.</summary>
    public bool EndsWith(string suffix) => Path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The last value of a parameter, null when there is none: users put theirs in front of the client's own.</summary>
    public static string? Query(HttpRequest request, string name) => request.Query[name] is { Count: > 0 } values ? values[^1] : null;

    /// <summary>Who the connection is for that begins with this request.</summary>
    public ClassicClient ToClient(string nodeTag) => new()
    {
        ConnectionId = ConnectionId,
        Application = Application,
        Hubs = Hubs,
        Principal = Principal,
        Claims = Mapping.Application is null || Hubs is not null
            ? Principal.Claims
            : [.. Principal.Claims.Where(static claim => claim.Key != ServiceClaims.Endpoint), new(ServiceClaims.Endpoint, Mapping.Path)],
        Headers = ClientRequest.Headers(Context.Request, nodeTag, Principal.IsDiagnostic),
        QueryString = ClassicClient.QueryFor(Context.Request),
        Times = Mapping.Times,
        Transport = Transport,
        Library = Library,
    };
}
