using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class HealthCheckTests
{
    [Fact]
    public async Task It_is_healthy_with_all_server_connections_degraded_with_fewer_and_unhealthy_with_none()
    {
        await using var app = await TestApp.StartAsync(
            static options => options.InitialHubServerConnectionCount = 2,
            build: static builder => builder.Services.AddHealthChecks().AddTandem(),
            map: static app => app.MapHub<ChatHub>("/chat"));
        await app.ConnectedAsync();
        var checks = app.Services.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync()).Status);

        app.Gateway.RefuseWith = 503;
        app.Gateway.Connections[0].Abort();
        var report = await WaitForAsync(checks, HealthStatus.Degraded);
        Assert.Contains("hub 'chathub' has 1 of 2 server connections to " + app.Gateway.Url, report.Description, StringComparison.Ordinal);

        app.Gateway.Connections[0].Abort();
        report = await WaitForAsync(checks, HealthStatus.Unhealthy);
        Assert.Contains("hub 'chathub' has 0 of 2", report.Description, StringComparison.Ordinal);
    }

    private static async Task<HealthReportEntry> WaitForAsync(HealthCheckService checks, HealthStatus status)
    {
        HealthReportEntry entry = default;
        await Eventually.TrueAsync(
            () =>
            {
                entry = checks.CheckHealthAsync().GetAwaiter().GetResult().Entries["tandem"];
                return entry.Status == status;
            },
            $"status {status}");
        return entry;
    }
}
