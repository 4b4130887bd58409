using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Tandem.Gateway.Authentication;
using Tandem.Gateway.Reports;

namespace Tandem.Gateway.CommandLine;

/// <summary><c>tandem report clients</c>: asks a running gateway who its clients are.</summary>
internal static class ClientReportCommand
{
    private const string EnvironmentName = "TANDEM_CONNECTION_STRING";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Makes the command <c>report</c>.</summary>
    public static Command Create()
    {
        var connectionString = new Option<string?>("--connection-string")
        {
            Description = $"Which gateway, and the key: Endpoint=…;AccessKey=…; as app servers have it. Default: environment variable {EnvironmentName}.",
        };
        var json = new Option<bool>("--json") { Description = "The report as JSON." };
        var clients = new Command("clients", "Who still uses old clients: hub, library, version, transport, users, last seen.") { connectionString, json };
        clients.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(connectionString) ?? Environment.GetEnvironmentVariable(EnvironmentName),
            parsed.GetValue(json),
            Console.Out,
            Console.Error,
            cancellationToken));
        return new Command("report", "Asks a running gateway.") { clients };
    }

    /// <summary>Runs it; the exit code is 0, or 1 when there is no report.</summary>
    internal static async Task<int> RunAsync(string? connectionString, bool asJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (!TryRead(connectionString, out var endpoint, out var key))
        {
            await error.WriteLineAsync($"tandem report: give the connection string of the gateway, Endpoint=…;AccessKey=…; with --connection-string or in {EnvironmentName}.");
            return 1;
        }

        try
        {
            var text = await FetchAsync(endpoint, key, cancellationToken);
            await output.WriteAsync(asJson ? text + "\n" : ClientReportText.Create(JsonSerializer.Deserialize<ClientReport>(text, ClientReport.Json)!));
            return 0;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or TaskCanceledException)
        {
            await error.WriteLineAsync($"tandem report: no report from {endpoint}: {exception.Message}");
            return 1;
        }
    }

    private static async Task<string> FetchAsync(Uri endpoint, string key, CancellationToken cancellationToken)
    {
        var url = new Uri(endpoint, ReportEndpoints.ClientsPath);
        using var http = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(url, key));
        using var response = await http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? text
            : throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {text.Trim()}"));
    }

    private static string Token(Uri audience, string key) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Audience = audience.GetLeftPart(UriPartial.Path),
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
        SigningCredentials = new SigningCredentials(AccessKeyProvider.ToSecurityKey(key), SecurityAlgorithms.HmacSha256),
    });

    private static bool TryRead(string? connectionString, out Uri endpoint, out string key)
    {
        var parts = (connectionString ?? string.Empty)
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static part => part.Split('=', 2))
            .Where(static part => part.Length == 2)
            .ToLookup(static part => part[0], static part => part[1], StringComparer.OrdinalIgnoreCase);
        key = parts["AccessKey"].FirstOrDefault() ?? string.Empty;
        return Uri.TryCreate(parts["Endpoint"].FirstOrDefault(), UriKind.Absolute, out endpoint!) && Encoding.UTF8.GetByteCount(key) > 0;
    }
}
