using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Tandem.Compat.Processes;

/// <summary>A gateway that listens on a port of its own and can be restarted there, with the key it had.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    // The largest message of the scenarios is 1 MiB of text, and its envelope comes on top.
    private const int MaxMessageBytes = 2 * 1024 * 1024;

    private static readonly HttpClient Http = new() { Timeout = Deadlines.Step };

    private readonly string _key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private ChildProcess? _process;

    public string Url { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    /// <summary>As the gateway printed it.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Lines that an operator should look at.</summary>
    public IReadOnlyList<string> Complaints => [.. _process!.Log.Lines().Where(line => Complaint().IsMatch(line))];

    /// <param name="settings">Flags such as <c>--Tandem:Limits:WaitForServer=00:00:01</c>.</param>
    public async Task StartAsync(params string[] settings)
    {
        _process = ChildProcess.Start("gateway", "dotnet",
        [
            Repository.AssemblyOf("src/Gateway", "Tandem.Gateway"), "dev", "--urls", Url,
            $"--Tandem:AccessKeys:0={_key}", $"--Tandem:Core:MaxMessageBytes={MaxMessageBytes}", "--Tandem:Core:KeepAliveInterval=00:00:01",
            // Debug is the life of single clients: whoever looks for the reason of a failure starts there.
            "--Logging:LogLevel:Tandem=Debug", .. settings,
        ]);
        var line = await _process.Log.WaitForAsync(line => PrintedConnectionString().IsMatch(line))
            .Within("the gateway's connection string", Deadlines.Process);
        ConnectionString = PrintedConnectionString().Match(line).Value;
        await HttpProbe.UntilOkAsync(_process, $"{Url}/health/ready");
    }

    /// <summary>
    /// Where clients of the hub connect at the gateway, with a token as the application's SDK would have issued it: for clients that
    /// are there when the application is not.
    /// </summary>
    public DirectAddress DirectAddressOf(string hub, string? user = null, DateTime? expires = null)
    {
        var address = $"{Url}/client/?hub={hub}";
        return new DirectAddress(address, Sign(address, ClaimsOf(user), expires));
    }

    /// <summary>A token for classic clients that do not negotiate at the application.</summary>
    /// <param name="application">The application's name.</param>
    /// <param name="user">The client's user; nobody if it is null.</param>
    /// <param name="expires">When it ends; in ten minutes if it is null.</param>
    public string ClassicToken(string application, string? user = null, DateTime? expires = null)
    {
        var claims = ClaimsOf(user);
        claims["asrs.s.apn"] = application;
        return Sign($"{Url}/aspnetclient", claims, expires);
    }

    /// <summary>How many server connections it says it has.</summary>
    public async Task<int> CountServerConnectionsAsync()
    {
        using var response = await Http.GetAsync(new Uri($"{Url}/health/ready"));
        return ServerConnectionsOf(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until it says that it has so many server connections.</summary>
    public Task UntilServerConnectionsAsync(int count) =>
        HttpProbe.UntilAsync(_process!, $"{Url}/health/ready", readiness => ServerConnectionsOf(readiness) == count);

    public void Terminate() => _process!.Terminate();

    public Task<int> WaitForExitAsync() => _process!.WaitForExitAsync();

    public Task KillAsync() => _process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private static Dictionary<string, object> ClaimsOf(string? user) =>
        user is null ? [] : new() { ["asrs.s.uid"] = user, [ClaimTypes.Name] = user };

    private string Sign(string audience, Dictionary<string, object> claims, DateTime? expires) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Claims = claims,
            Expires = expires ?? DateTime.UtcNow.AddMinutes(10),
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(_key)), SecurityAlgorithms.HmacSha256),
        });

    private static int ServerConnectionsOf(string readiness)
    {
        using var json = JsonDocument.Parse(readiness);
        return json.RootElement.GetProperty("serverConnections").GetInt32();
    }

    [GeneratedRegex(@"\b(warn|fail|crit): ")]
    private static partial Regex Complaint();

    [GeneratedRegex(@"Endpoint=[^;\s]+;AccessKey=[^;\s]+;Version=1\.0;")]
    private static partial Regex PrintedConnectionString();
}
