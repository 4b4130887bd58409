namespace Tandem.Sdk.Connections;

/// <summary>Which gateways clients are sent to when there are several.</summary>
public enum EndpointType
{
    /// <summary>Takes clients whenever it is connected.</summary>
    Primary,

    /// <summary>Takes clients only while no primary endpoint is connected.</summary>
    Secondary,
}
