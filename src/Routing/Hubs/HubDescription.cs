namespace Tandem.Routing.Hubs;

/// <summary>What an app server says about a hub.</summary>
public sealed class HubDescription(IEnumerable<string> streamMethods)
{
    private readonly HashSet<string> _streamMethods = new(streamMethods, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the method returns a stream; compared without case.</summary>
    public bool IsStream(string method) => _streamMethods.Contains(method);
}
