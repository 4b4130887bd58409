using Microsoft.AspNetCore.Http;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Connections;

/// <summary>What the app server will see of the request that started a connection; kept until the handshake is read.</summary>
internal sealed record HttpRequestSnapshot(IReadOnlyList<KeyValuePair<string, string[]>> Headers, string QueryString)
{
    /// <summary>Copies it from the request. The connection token (<c>id</c>) is a secret between client and gateway.</summary>
    public static HttpRequestSnapshot Take(HttpRequest request, string nodeTag, bool isDiagnostic) =>
        new(ClientRequest.Headers(request, nodeTag, isDiagnostic), ClientRequest.QueryString(request, "id"));
}
