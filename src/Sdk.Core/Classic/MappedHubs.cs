using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.Sdk.Core;

/// <summary>The hubs that are mapped, by the names classic clients call them.</summary>
internal sealed class MappedHubs(HubRegistry hubs, EndpointDataSource endpoints)
{
    private volatile Snapshot? _snapshot;

    public IReadOnlyCollection<MappedHub> All => Current().Hubs.Values;

    public MappedHub? Find(string name) => Current().Hubs.GetValueOrDefault(name);

    /// <summary>Endpoints may come and go while the application runs; their list is then another one.</summary>
    private Snapshot Current()
    {
        var present = endpoints.Endpoints;
        if (_snapshot is not { } snapshot || snapshot.Endpoints != present)
        {
            _snapshot = snapshot = new Snapshot(present, Read(present));
        }

        return snapshot;
    }

    private Dictionary<string, MappedHub> Read(IReadOnlyList<Endpoint> present)
    {
        var mapped = new Dictionary<string, MappedHub>(StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in present)
        {
            // Of the two endpoints of a hub the one that connects, as at the start. A hub that is mapped twice is what its first mapping says.
            if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub && endpoint.Metadata.GetMetadata<NegotiateMetadata>() is null)
            {
                mapped.TryAdd(hub.HubType.Name, new MappedHub(hubs.Get(hub.HubType), endpoint));
            }
        }

        return mapped;
    }

    private sealed record Snapshot(IReadOnlyList<Endpoint> Endpoints, Dictionary<string, MappedHub> Hubs);
}
