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
        FindApplication(hub);
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

    /// <summary>
    /// Finds the hub a name of a classic application belongs to, <c>HUB.REST</c>. The first dot ends the hub's name: ASP.NET SignalR allows none in it.
    /// </summary>
    /// <param name="application">The hub that stands for the application.</param>
    /// <param name="name">The name, with the hub's in front.</param>
    /// <param name="hub">The hub.</param>
    /// <param name="rest">What follows the dot behind the hub's name.</param>
    internal bool TrySplit(HubState application, string name, out HubState hub, out string rest)
    {
        var prefix = application.Key[..(HubState.ApplicationNameLength(application.Key) + 1)];
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0 && _hubs.TryGetValue(string.Concat(prefix, name.AsSpan(0, dot)), out hub!))
        {
            rest = name[(dot + 1)..];
            return true;
        }

        (hub, rest) = (application, name);
        return false;
    }

    /// <summary>
    /// Ties a new hub to its application, or its hubs to a new application. Two threads may find the same; that one of them sees the other's hub
    /// is certain, as each looks after it has added its own.
    /// </summary>
    private void FindApplication(HubState hub)
    {
        if (HubState.ApplicationNameLength(hub.Key) is var length and > 0)
        {
            hub.Application = hub;
            var prefix = hub.Key[..(length + 1)];
            foreach (var other in _hubs.Values)
            {
                // The longest name wins: shop_admin_chat is a hub of shop_admin, if there is such an application, and not one of shop.
                if ((other.Application is null || other.Application.Key.Length < hub.Key.Length) && other.Key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    other.Application = hub;
                }
            }

            return;
        }

        for (var end = hub.Key.LastIndexOf('_'); end > 0; end = hub.Key.LastIndexOf('_', end - 1))
        {
            if (_hubs.TryGetValue(string.Concat(hub.Key.AsSpan(0, end + 1), hub.Key.AsSpan(0, end)), out var application))
            {
                hub.Application = application;
                return;
            }
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
