using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;

namespace Tandem.Sdk.Core;

/// <summary>A hub and the endpoint <c>MapHub</c> made of it.</summary>
internal sealed record MappedHub(HubRuntime Runtime, Endpoint Endpoint)
{
    /// <summary>How classic clients call it; they do not mind the case.</summary>
    public string Name => Runtime.HubType.Name;

    /// <summary>What was said in <c>MapHub</c>.</summary>
    public HttpConnectionDispatcherOptions? Mapping => Endpoint.Metadata.GetMetadata<HttpConnectionDispatcherOptions>();
}
