using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Tandem.Sdk.Core;

/// <summary>Says which hubs have no server connection, or fewer than configured.</summary>
internal sealed class TandemHealthCheck(HubRegistry hubs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = new List<string>();
        var data = new Dictionary<string, object>();
        var missing = false;
        foreach (var hub in hubs.Started.OrderBy(static hub => hub.Name, StringComparer.Ordinal))
        {
            foreach (var set in hub.Connections.Sets)
            {
                var count = set.ConnectedCount;
                data[$"{hub.Name} at {set.Endpoint}"] = count;
                if (count < set.ConfiguredCount)
                {
                    var error = set.LastError is { } reason ? ": " + reason.Message : string.Empty;
                    problems.Add($"hub '{hub.Name}' has {count} of {set.ConfiguredCount} server connections to {set.Endpoint}{error}");
                }
            }

            missing |= hub.Connections.Sets.All(static set => set.ConnectedCount == 0);
        }

        if (problems.Count == 0)
        {
            return Task.FromResult(HealthCheckResult.Healthy(data: data));
        }

        var text = string.Join("; ", problems);
        var status = missing ? context.Registration.FailureStatus : HealthStatus.Degraded;
        return Task.FromResult(new HealthCheckResult(status, text, data: data));
    }
}
