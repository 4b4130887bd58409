namespace Tandem.Gateway.CommandLine;

/// <summary>What the gateway is started for.</summary>
internal enum GatewayMode
{
    /// <summary>Production: keys must be configured.</summary>
    Run,

    /// <summary>Development: a key is made when none is configured.</summary>
    Development,
}
