using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tandem.Sdk.Core;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets health checks see the connection to the gateway.</summary>
public static class TandemHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check that reports <paramref name="failureStatus"/> while a hub has no server connection, naming it, and
    /// degraded while it has fewer than configured.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks</c> returned.</param>
    /// <param name="name">Name of the check.</param>
    /// <param name="failureStatus">What a hub without server connection means; unhealthy when null.</param>
    /// <param name="tags">Tags to filter checks by.</param>
    public static IHealthChecksBuilder AddTandem(
        this IHealthChecksBuilder builder, string name = "tandem", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<TandemHealthCheck>(name, failureStatus, tags ?? []);
    }
}
