using System.Collections;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Tandem.Sdk.Core;

/// <summary>
/// The features of a virtual connection. The connection is most of them itself; only what the application adds needs a
/// dictionary, so an idle client has none. Unlike the usual collection it may be used from several threads: a migration is
/// announced while the hub is at work.
/// </summary>
internal sealed class ConnectionFeatures(VirtualConnection connection) : IFeatureCollection
{
    private static readonly HashSet<Type> OwnFeatures =
    [
        typeof(IConnectionUserFeature), typeof(IConnectionItemsFeature), typeof(IConnectionIdFeature), typeof(IConnectionTransportFeature),
        typeof(IConnectionHeartbeatFeature), typeof(IConnectionLifetimeFeature), typeof(IConnectionInherentKeepAliveFeature),
        typeof(ITransferFormatFeature), typeof(IHttpContextFeature),
    ];

    private ConcurrentDictionary<Type, object?>? _set;
    private volatile IConnectionMigrationFeature? _migration;
    private volatile int _revision;

    public bool IsReadOnly => false;

    public int Revision => _revision;

    /// <summary>Set while the client moves; the hub may look at any time.</summary>
    public IConnectionMigrationFeature? Migration
    {
        get => _migration;
        set
        {
            _migration = value;
            Interlocked.Increment(ref _revision);
        }
    }

    public object? this[Type key]
    {
        get
        {
            if (_set is { } set && set.TryGetValue(key, out var value))
            {
                return value;
            }

            return OwnFeatures.Contains(key) ? connection : key == typeof(IConnectionMigrationFeature) ? _migration : null;
        }

        set
        {
            LazyInitializer.EnsureInitialized(ref _set, static () => new ConcurrentDictionary<Type, object?>())[key] = value;
            Interlocked.Increment(ref _revision);
        }
    }

    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        var keys = OwnFeatures.Append(typeof(IConnectionMigrationFeature)).Concat(_set?.Keys ?? []);
        foreach (var key in keys.Distinct())
        {
            if (this[key] is { } value)
            {
                yield return new KeyValuePair<Type, object>(key, value);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
