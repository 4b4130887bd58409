namespace Tandem.Protocols.Service;

/// <summary>Keeps a server connection alive, and carries small pieces of news as pairs of texts.</summary>
/// <remarks>Type 3; both directions. The pairs stand inline in the array. <see cref="ServicePing"/> has the known ones.</remarks>
public sealed class PingMessage : ServiceMessage
{
    /// <summary>The ping without news.</summary>
    public static readonly PingMessage KeepAlive = new(Array.Empty<KeyValuePair<string, string>>());

    /// <summary>Makes a ping that carries the given pairs.</summary>
    public PingMessage(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        Pairs = pairs;
    }

    /// <summary>Makes a ping that carries one pair.</summary>
    public PingMessage(string key, string value)
        : this(new[] { new KeyValuePair<string, string>(key, value) })
    {
    }

    /// <summary>Keys and values, in the order of the wire. Numbers are texts too.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs { get; }

    /// <summary>The value of the first pair with this key, or null.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var pair in Pairs)
            {
                if (string.Equals(pair.Key, key, StringComparison.Ordinal))
                {
                    return pair.Value;
                }
            }

            return null;
        }
    }
}
