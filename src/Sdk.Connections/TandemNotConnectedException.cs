namespace Tandem.Sdk.Connections;

/// <summary>A message could not be sent because the hub has no server connection to a gateway. Nothing was sent.</summary>
public sealed class TandemNotConnectedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="hub">Name of the hub on the wire, application name included.</param>
    /// <param name="endpoint">The endpoint or endpoints tried.</param>
    /// <param name="innerException">Why the last attempt to connect failed; may be null.</param>
    public TandemNotConnectedException(string hub, string endpoint, Exception? innerException = null)
        : base(Text(hub, endpoint, innerException), innerException)
    {
        Hub = hub;
        Endpoint = endpoint;
    }

    /// <summary>Name of the hub on the wire, application name included.</summary>
    public string Hub { get; }

    /// <summary>The endpoint or endpoints tried.</summary>
    public string Endpoint { get; }

    private static string Text(string hub, string endpoint, Exception? reason)
    {
        var text = $"Hub '{hub}' has no server connection to {endpoint}; nothing was sent.";
        return reason is null ? text : text + " Last error: " + reason.Message;
    }
}
