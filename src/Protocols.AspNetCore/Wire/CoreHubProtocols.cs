using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>The hub protocols in use. Names come from clients, so their number is bounded.</summary>
internal sealed class CoreHubProtocols
{
    private const int MaxNameLength = 64;

    /// <summary>The protocol of the handshake too.</summary>
    public static readonly CoreHubProtocol Json = new("json");

    private readonly ConcurrentDictionary<string, CoreHubProtocol> _protocols = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _limit;

    public CoreHubProtocols(IOptions<CoreProtocolOptions> options)
    {
        foreach (var protocol in (ReadOnlySpan<CoreHubProtocol>)[Json, new("messagepack"), new("blazorpack")])
        {
            _protocols[protocol.Name] = protocol;
        }

        _limit = _protocols.Count + options.Value.MaxCustomProtocols;
    }

    /// <summary>The protocol with this name, made if need be; null when there are too many.</summary>
    public CoreHubProtocol? Get(string name)
    {
        if (_protocols.TryGetValue(name, out var protocol))
        {
            return protocol;
        }

        return name.Length is 0 or > MaxNameLength || _protocols.Count >= _limit
            ? null
            : _protocols.GetOrAdd(name, static name => new CoreHubProtocol(name));
    }
}
