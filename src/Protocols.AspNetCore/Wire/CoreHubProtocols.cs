using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>The hub protocols in use. Names come from clients, so their number is bounded, and a name is forgotten with its last connection.</summary>
internal sealed class CoreHubProtocols(IOptions<CoreProtocolOptions> options)
{
    private const int MaxNameLength = 64;

    /// <summary>The protocol of the handshake too.</summary>
    public static readonly CoreHubProtocol Json = new("json");

    private static readonly FrozenDictionary<string, CoreHubProtocol> Known =
        new[] { Json, new("messagepack"), new("blazorpack") }.ToFrozenDictionary(static protocol => protocol.Name, StringComparer.OrdinalIgnoreCase);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Custom> _custom = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _limit = options.Value.MaxCustomProtocols;

    /// <summary>The protocol with this name for one more connection, made if need be; null when there are too many.</summary>
    public CoreHubProtocol? Acquire(string name)
    {
        if (Known.TryGetValue(name, out var known))
        {
            return known;
        }

        lock (_lock)
        {
            if (!_custom.TryGetValue(name, out var custom))
            {
                if (name.Length is 0 or > MaxNameLength || _custom.Count >= _limit)
                {
                    return null;
                }

                _custom.Add(name, custom = new Custom(new CoreHubProtocol(name)));
            }

            custom.Connections++;
            return custom.Protocol;
        }
    }

    /// <summary>A connection that acquired it has ended. Called once for each.</summary>
    public void Release(CoreHubProtocol protocol)
    {
        if (Known.ContainsKey(protocol.Name))
        {
            return;
        }

        lock (_lock)
        {
            if (--_custom[protocol.Name].Connections > 0)
            {
                return;
            }

            _custom.Remove(protocol.Name);
        }

        protocol.Retire();
    }

    private sealed class Custom(CoreHubProtocol protocol)
    {
        public CoreHubProtocol Protocol { get; } = protocol;

        public int Connections { get; set; }
    }
}
