using System.Collections.Concurrent;

namespace Tandem.Routing.Hubs;

/// <summary>
/// The hubs of this node by name. Hubs come into being with their first connection and stay: only holders of an access key can name
/// new ones, and <see cref="RoutingOptions.MaxHubs"/> bounds them.
/// </summary>
public sealed class HubTable
{
    private readonly ConcurrentDictionary<string, HubState> _hubs = new(StringComparer.OrdinalIgnoreCase);
    private readonly RoutingOptions _options;
    private TaskCompletionSource _arrival = NewArrival();

    /// <summary>Makes an empty table.</summary>
    public HubTable(Microsoft.Extensions.Options.IOptions<RoutingOptions> options)
    {
        _options = options.Value;
    }

    /// <summary>The hub with this name, made if need be; null when there are too many hubs.</summary>
    /// <param name="name">Name on the wire; compared without case.</param>
    public HubState? GetOrAdd(string name)
    {
        if (_hubs.TryGetValue(name, out var hub))
        {
            return hub;
        }

        if (_hubs.Count >= _options.MaxHubs)
        {
            return null;
        }

        hub = _hubs.GetOrAdd(name, static (name, options) => new HubState(name.ToLowerInvariant(), options), _options);
        Wake();
        return hub;
    }

    /// <summary>The hub with this name, if there is one.</summary>
    public bool TryGet(string name, out HubState hub) => _hubs.TryGetValue(name, out hub!);

    /// <summary>All hubs.</summary>
    public ICollection<HubState> All() => _hubs.Values;

    /// <summary>Makes those that wait for a hub look again whether they should.</summary>
    internal void Wake() => Interlocked.Exchange(ref _arrival, NewArrival()).SetResult();

    /// <summary>Completes when the next hub comes into being, or on <see cref="Wake"/>. Ask for it before <see cref="TryGet"/>.</summary>
    internal Task NextArrival() => Volatile.Read(ref _arrival).Task;

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
