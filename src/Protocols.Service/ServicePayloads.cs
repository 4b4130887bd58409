namespace Tandem.Protocols.Service;

/// <summary>
/// One message in each hub protocol its recipients may speak: one to three entries, so a list searched from the front
/// and not a dictionary.
/// </summary>
public readonly struct ServicePayloads
{
    private readonly ServicePayload[]? _items;

    /// <summary>Takes ownership of <paramref name="items"/>.</summary>
    public ServicePayloads(params ServicePayload[] items)
    {
        _items = items;
    }

    /// <summary>The entries in the order of the wire.</summary>
    public ReadOnlySpan<ServicePayload> Items => _items;

    /// <summary>Finds the message for a hub protocol. Names are compared without case, as SDKs do.</summary>
    public bool TryGet(string protocol, out ReadOnlyMemory<byte> bytes)
    {
        foreach (var item in Items)
        {
            if (string.Equals(item.Protocol, protocol, StringComparison.OrdinalIgnoreCase))
            {
                bytes = item.Bytes;
                return true;
            }
        }

        bytes = default;
        return false;
    }
}
