namespace Tandem.Transports;

/// <summary>The authorization policy of client endpoints; the gateway defines it, the adapters require it.</summary>
public static class ClientPolicy
{
    /// <summary>Name of the policy.</summary>
    public const string Name = "Tandem.Client";

    /// <summary>Name of the CORS policy of client endpoints.</summary>
    public const string CorsName = "Tandem.Client";
}
