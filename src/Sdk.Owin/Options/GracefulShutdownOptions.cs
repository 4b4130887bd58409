namespace Tandem.Sdk.Owin;

/// <summary>How an app server leaves.</summary>
public sealed class GracefulShutdownOptions
{
    /// <summary>What happens to connected clients. Default: <see cref="GracefulShutdownMode.Off"/>.</summary>
    public GracefulShutdownMode Mode { get; set; }

    /// <summary>How long leaving may take altogether, in any mode but Off. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
