using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Tandem.Sdk.Connections;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Tandem:ConnectionString")]
    [InlineData("ConnectionStrings:Tandem")]
    [InlineData("TANDEM_CONNECTION_STRING")]
    [InlineData("Azure:SignalR:ConnectionString")]
    [InlineData("ConnectionStrings:Azure:SignalR:ConnectionString")]
    public void A_connection_string_is_found_in_configuration(string key)
    {
        var options = Read([(key, "a")]);

        Assert.Equal("http://a/", Assert.Single(options.Endpoints).ConnectionString.Endpoint.AbsoluteUri);
    }

    [Theory]
    [InlineData("Tandem:ConnectionString", "ConnectionStrings:Tandem")]
    [InlineData("ConnectionStrings:Tandem", "TANDEM_CONNECTION_STRING")]
    [InlineData("TANDEM_CONNECTION_STRING", "Azure:SignalR:ConnectionString")]
    [InlineData("Tandem:Endpoints:one", "Azure:SignalR:ConnectionString")]
    public void Earlier_places_win(string first, string second)
    {
        var options = Read([(first, "first"), (second, "second")]);

        Assert.Equal("http://first/", Assert.Single(options.Endpoints).ConnectionString.Endpoint.AbsoluteUri);
    }

    [Fact]
    public void Code_wins_over_configuration()
    {
        var options = Read(
            [("Tandem:ConnectionString", "configured"), ("Tandem:ApplicationName", "configured"), ("Tandem:InitialHubServerConnectionCount", "7", true)],
            code =>
            {
                code.ConnectionString = Text("code");
                code.ApplicationName = "code";
            });

        Assert.Equal("http://code/", Assert.Single(options.Endpoints).ConnectionString.Endpoint.AbsoluteUri);
        Assert.Equal("code", options.ApplicationName);
        Assert.Equal(7, options.InitialHubServerConnectionCount);
    }

    [Fact]
    public void Several_endpoints_have_names_and_types_and_are_merged_by_address()
    {
        var options = Read(
        [
            ("Tandem:ConnectionString", "a"), ("Tandem:Endpoints:east", "b"), ("Tandem:Endpoints:west:secondary", "c"),
            ("Tandem:Endpoints:again", "a"),
        ]);

        Assert.Equal(
            [("", EndpointType.Primary, "a"), ("east", EndpointType.Primary, "b"), ("west", EndpointType.Secondary, "c")],
            options.Endpoints.Select(static endpoint => (endpoint.Name, endpoint.Type, endpoint.ConnectionString.Endpoint.Host)));
    }

    [Fact]
    public void Plain_options_are_read_from_the_section()
    {
        var options = Read(
        [
            ("Tandem:ConnectionString", "a"), ("Tandem:MaxHubServerConnectionCount", "9", true), ("Tandem:AccessTokenLifetime", "00:05:00", true),
            ("Tandem:ServerStickyMode", "Preferred", true), ("Tandem:MaxPollIntervalInSeconds", "12", true),
            ("Tandem:GracefulShutdown:Mode", "MigrateClients", true), ("Tandem:GracefulShutdown:Timeout", "00:00:10", true),
        ]);

        Assert.Equal(9, options.MaxHubServerConnectionCount);
        Assert.Equal(TimeSpan.FromMinutes(5), options.AccessTokenLifetime);
        Assert.Equal(ServerStickyMode.Preferred, options.ServerStickyMode);
        Assert.Equal(12, options.MaxPollIntervalInSeconds);
        Assert.Equal(GracefulShutdownMode.MigrateClients, options.GracefulShutdown.Mode);
        Assert.Equal(TimeSpan.FromSeconds(10), options.GracefulShutdown.Timeout);
    }

    [Fact]
    public void The_defaults_are_those_of_azures_sdk()
    {
        var options = new TandemOptions();

        Assert.Equal(5, options.InitialHubServerConnectionCount);
        Assert.Null(options.MaxHubServerConnectionCount);
        Assert.Equal(TimeSpan.FromHours(1), options.AccessTokenLifetime);
        Assert.Equal(GracefulShutdownMode.Off, options.GracefulShutdown.Mode);
        Assert.Equal(TimeSpan.FromSeconds(30), options.GracefulShutdown.Timeout);
    }

    [Fact]
    public async Task Without_connection_string_the_application_does_not_start_and_says_how_to_set_it()
    {
        var builder = NewBuilder();
        builder.Services.AddSignalR().AddTandem();
        await using var app = builder.Build();

        Assert.Throws<OptionsValidationException>(() => app.MapHub<WhoHub>("/who"));
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains("Tandem:ConnectionString", error.Message, StringComparison.Ordinal);
        Assert.Contains("TANDEM_CONNECTION_STRING", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mistakes_are_named_at_once()
    {
        var builder = NewBuilder();
        builder.Services.AddSignalR().AddTandem(static options =>
        {
            options.InitialHubServerConnectionCount = 0;
            options.MaxHubServerConnectionCount = -1;
            options.ApplicationName = "not/good";
            options.AccessTokenLifetime = TimeSpan.Zero;
            options.GracefulShutdown.Timeout = TimeSpan.Zero;
            options.MaxPollIntervalInSeconds = 301;
            options.MaxWaitingBytesPerClient = 1;
            options.MaxWaitingBytesPerServerConnection = 1;
            options.MaxServiceMessageBytes = 1;
        });
        await using var app = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Equal(10, error.Failures.Count());
    }

    [Fact]
    public async Task A_broken_connection_string_stops_the_start_without_showing_the_key()
    {
        var builder = NewBuilder();
        builder.Services.AddSignalR().AddTandem("Endpoint=nowhere;AccessKey=" + ScriptedGateway.AccessKey);
        await using var app = builder.Build();

        var error = await Assert.ThrowsAsync<FormatException>(() => app.StartAsync());

        Assert.Contains("Endpoint 'nowhere'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedGateway.AccessKey, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hubs_of_one_name_stop_the_start()
    {
        var builder = NewBuilder();
        builder.Services.AddSignalR().AddTandem(Text("localhost:1"));
        await using var app = builder.Build();
        app.MapHub<WhoHub>("/who");

        var error = Assert.Throws<InvalidOperationException>(() => app.MapHub<Nested.WhoHub>("/other"));

        Assert.Contains("'whohub'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adding_it_twice_is_adding_it_once()
    {
        var services = new ServiceCollection();
        services.AddSignalR().AddTandem().AddTandem(Text("a"));

        Assert.Single(services, static service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == typeof(TandemHost));
    }

    private static string Text(string host) => $"Endpoint=http://{host};AccessKey={ScriptedGateway.AccessKey}";

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        return builder;
    }

    private static TandemOptions Read(Setting[] settings, Action<TandemOptions>? code = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key, setting.IsPlain ? setting.Value : Text(setting.Value))))
            .Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSignalR().AddTandem(code ?? (static _ => { }));
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<TandemOptions>>().Value;
    }

    private readonly record struct Setting(string Key, string Value, bool IsPlain)
    {
        public static implicit operator Setting((string Key, string Host) setting) => new(setting.Key, setting.Host, false);

        public static implicit operator Setting((string Key, string Value, bool Plain) setting) => new(setting.Key, setting.Value, setting.Plain);
    }

    private static class Nested
    {
        public sealed class WhoHub : Microsoft.AspNetCore.SignalR.Hub
        {
        }
    }
}
