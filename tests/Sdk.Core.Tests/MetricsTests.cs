using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class MetricsTests
{
    [Fact]
    public async Task An_application_finds_the_numbers_in_its_own_meter_factory()
    {
        using var recorder = new MetricRecorder();
        await using var app = await TestApp.StartAsync(build: builder => builder.Services.AddSingleton<IMeterFactory>(recorder));
        await app.ConnectedAsync();

        await app.Hub.Clients.All.SendCoreAsync("hello", []);

        recorder.Collect();
        var connected = Assert.Single(recorder.Of("tandem.server.connections"), static reading => reading.Tags.EndsWith("state=connected", StringComparison.Ordinal));
        Assert.Equal(1, connected.Value);
        Assert.StartsWith("endpoint=" + app.Gateway.Url, connected.Tags, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => recorder.Sum("tandem.messages", "direction=sent,hub=chathub") > 0, "the message");
    }
}
