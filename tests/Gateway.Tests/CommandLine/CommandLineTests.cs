using System.Net;
using System.Net.Sockets;
using Tandem.Gateway.Configuration;

namespace Tandem.Gateway.Tests.CommandLine;

public sealed class CommandLineTests : IDisposable
{
    private const string Key = "0123456789012345678901234567890123456789";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tandem-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    public async Task Help_names_every_setting(params string[] arguments)
    {
        await using var process = Start(arguments);

        Assert.Equal(0, await process.ExitAsync());
        var text = string.Join("\n", process.Output);
        Assert.Contains("tandem run", text);
        Assert.Contains("tandem dev", text);
        foreach (var setting in SettingsCatalog.Sections.SelectMany(section => section.Settings))
        {
            Assert.Contains(setting.Name, text);
        }
    }

    [Fact]
    public async Task Version_is_the_version()
    {
        await using var process = Start(["--version"]);

        Assert.Equal(0, await process.ExitAsync());
        Assert.Matches(@"^\d+\.\d+\.\d+", Assert.Single(process.Output));
    }

    [Theory]
    [InlineData]
    [InlineData("walk")]
    public async Task Without_a_known_command_it_says_so(params string[] arguments)
    {
        await using var process = Start(arguments);

        Assert.Equal(1, await process.ExitAsync());
        Assert.NotEmpty(process.Errors);
    }

    [Fact]
    public async Task Run_without_a_key_names_the_setting_and_how_to_set_it()
    {
        await using var process = Start(["run"]);

        Assert.Equal(1, await process.ExitAsync());
        var text = string.Join("\n", process.Errors);
        Assert.Contains("Tandem:AccessKeys", text);
        Assert.Contains("--Tandem:AccessKeys:0 KEY", text);
        Assert.Contains("Tandem__AccessKeys__0", text);
        Assert.DoesNotContain("   at ", text);
    }

    [Fact]
    public async Task All_errors_of_all_sources_are_listed_at_once()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "appsettings.json"), """{ "Tandem": { "Limts": { "MaxHubs": 3 }, "AccessKeys": [ "short" ] } }""");
        await using var process = Start(
            ["run", "--Tandem:Limits:MaxHubs", "none", "--ulrs=http://x", "stray", "--Tandem:Drain:Delay"], ("Tandem__Servers__KeepAlive", "01:00:00"));

        Assert.Equal(1, await process.ExitAsync());
        var text = string.Join("\n", process.Errors);
        Assert.Contains("6 reasons", text);
        Assert.Contains("Tandem:Limts is not a setting", text);
        Assert.Contains("Tandem:Limits:MaxHubs is \"none\"", text);
        Assert.Contains("Tandem:Servers:KeepAlive is 01:00:00", text);
        Assert.Contains("--ulrs is not a setting", text);
        Assert.Contains("\"stray\" is no setting", text);
        Assert.Contains("--Tandem:Drain:Delay has no value", text);
        Assert.DoesNotContain("   at ", text);
        Assert.Empty(process.Output);
    }

    [Fact]
    public async Task A_broken_file_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "appsettings.json"), "{ oops");
        await using var process = Start(["run"]);

        Assert.Equal(1, await process.ExitAsync());
        var text = string.Join("\n", process.Errors);
        Assert.Contains("appsettings.json", text);
        Assert.DoesNotContain("   at ", text);
    }

    [Fact]
    public async Task Dev_prints_a_connection_string_that_works_and_ends_in_order()
    {
        await using var process = Start(["dev", "--urls", "http://127.0.0.1:0"]);

        var line = await process.TakeOutputAsync(line => line.StartsWith("Endpoint=", StringComparison.Ordinal), "the connection string");
        var parts = line.Split(';').Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal("1.0", parts["Version"]);
        var tokens = new TestTokens(TimeProvider.System);
        await using (var server = await ScriptedAppServer.OpenAsync(new Uri(parts["Endpoint"]), tokens.Server(key: parts["AccessKey"])))
        {
            await server.HandshakeAsync();
        }

        await process.SignalAsync("TERM");
        Assert.Equal(0, await process.ExitAsync());
        Assert.Contains(process.Output, text => text.Contains("AddTandem(", StringComparison.Ordinal));
        Assert.Contains(process.Output, text => text.Contains("export Tandem__ConnectionString=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dev_prints_the_configured_endpoint_and_key()
    {
        await using var process = Start(["dev", "--urls=http://127.0.0.1:0", "--Tandem:Endpoint=https://rt.example.org/", $"--Tandem:AccessKeys:0={Key}"]);

        await process.TakeOutputAsync(line => line == $"Endpoint=https://rt.example.org;AccessKey={Key};Version=1.0;", "the connection string");
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var process = Start(["run", "--urls", $"http://127.0.0.1:{port}"], ("Tandem__AccessKeys__0", Key));

        Assert.Equal(1, await process.ExitAsync());
        Assert.Equal(2, process.Errors.Count);
        Assert.Contains($"127.0.0.1:{port}", process.Errors[1]);
        Assert.Contains("already in use", process.Errors[1]);
        Assert.DoesNotContain(process.Output, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_signal_ends_the_process_at_once()
    {
        await using var process = Start(["dev", "--urls=http://127.0.0.1:0", "--Tandem:Drain:Delay=00:05:00"]);
        await process.TakeOutputAsync(line => line.StartsWith("Endpoint=", StringComparison.Ordinal), "the connection string");

        await process.SignalAsync("TERM");
        await process.SignalAsync("TERM");
        await Eventually.TrueAsync(() => process.Errors.Any(line => line.Contains("drains", StringComparison.Ordinal)), "the drain begins");

        // Two at once are one; a later one is the second.
        await Eventually.TrueAsync(() => process.HasExited, "the process ends", () => process.SignalAsync("TERM").GetAwaiter().GetResult());
        Assert.Equal(130, await process.ExitAsync());
    }

    private GatewayProcess Start(string[] arguments, params (string Name, string Value)[] environment) =>
        GatewayProcess.Start(_folder.FullName, arguments, environment);
}
