using System.Buffers.Text;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Options;
using Tandem.Gateway.Configuration;

namespace Tandem.Gateway.CommandLine;

/// <summary>Starts the gateway, says what is wrong if it cannot, and waits for its end.</summary>
internal static class GatewayRunner
{
    private const int DevelopmentKeyBytes = 32;

    /// <summary>Runs the gateway to its end and returns the exit code.</summary>
    public static async Task<int> RunAsync(GatewayMode mode, IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var errors = new List<string>();
        var flags = FlagParser.Parse(arguments, errors);
        WebApplicationBuilder builder;
        try
        {
            builder = GatewayHost.CreateBuilder(flags);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or IOException or ArgumentException)
        {
            // appsettings.json is no JSON, or cannot be read.
            return Fail(error, [.. errors, Chain(exception)]);
        }

        if (mode == GatewayMode.Development)
        {
            PrepareDevelopment(builder.Configuration);
        }

        errors.AddRange(SettingsCheck.Check(builder.Configuration));
        if (errors.Count > 0)
        {
            return Fail(error, errors);
        }

        var guard = new StartLogGuard();
        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(guard);
        await using var app = GatewayHost.Build(builder);
        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or SocketException or InvalidOperationException or FormatException or CryptographicException or UnauthorizedAccessException)
        {
            // A port in use, a privileged port, a certificate that is not there: the message says it.
            return Fail(error, [Chain(exception)]);
        }

        guard.Started();
        using var secondSignal = new SecondSignal(app.Services.GetRequiredService<TimeProvider>());
        var options = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        if (mode == GatewayMode.Development)
        {
            PrintConnectionString(output, ConnectionStringText.Create(app.Services.GetRequiredService<IServer>(), options, options.AccessKeys[0]));
        }

        await app.WaitForShutdownAsync();
        return 0;
    }

    private static void PrepareDevelopment(ConfigurationManager configuration)
    {
        // The log goes to the error stream, so that the connection string is all there is on the other.
        ((IConfigurationBuilder)configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:Console:LogToStandardErrorThreshold", nameof(LogLevel.Trace))],
        });
        if (!configuration.GetSection("Tandem:AccessKeys").GetChildren().Any())
        {
            var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(DevelopmentKeyBytes));
            configuration.AddInMemoryCollection([new("Tandem:AccessKeys:0", key)]);
        }
    }

    private static void PrintConnectionString(TextWriter output, string connectionString) => output.Write(
        $"""
        Tandem gateway {GatewayVersion.Text} for development. App servers connect with this connection string:

        {connectionString}

        In code:             builder.Services.AddSignalR().AddTandem("{connectionString}");
        In the environment:  export Tandem__ConnectionString='{connectionString}'
                             builder.Services.AddSignalR().AddTandem();
        Classic (OWIN):      app.MapTandemSignalR();   with the same variable in the environment, or in Web.config or App.config:
                             <appSettings><add key="Tandem:ConnectionString" value="{connectionString}" /></appSettings>

        Unless Tandem:AccessKeys:0 is set, the key is a new one with every start. Ctrl+C ends the gateway.

        """);

    private static int Fail(TextWriter error, List<string> errors)
    {
        error.WriteLine(errors.Count == 1 ? "tandem cannot start:" : $"tandem cannot start, for {errors.Count} reasons:");
        foreach (var line in errors)
        {
            error.WriteLine($"  {line}");
        }

        return 1;
    }

    /// <summary>The messages of an exception and what caused it, without repetition.</summary>
    private static string Chain(Exception exception)
    {
        var messages = new List<string>();
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (!messages.Any(message => message.Contains(current.Message, StringComparison.OrdinalIgnoreCase)))
            {
                messages.Add(current.Message.ReplaceLineEndings(" "));
            }
        }

        return string.Join(" ", messages);
    }
}
