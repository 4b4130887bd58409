using System.Text.Json;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>One client of a run, in its driver.</summary>
/// <param name="driver">Does what it is told: see <see cref="DriverProcess.CallAsync"/>.</param>
/// <param name="key">What the driver calls it.</param>
/// <param name="run">Which.</param>
/// <param name="user">Unique.</param>
internal sealed class Member(Func<IReadOnlyDictionary<string, object?>, string, TimeSpan, Task<JsonElement>> driver, string key, Run run, string user)
{
    public string User { get; } = user;

    /// <summary>What the driver calls it.</summary>
    public string Key { get; } = key;

    /// <summary>What it was told.</summary>
    public SeenMessages Messages { get; } = new();

    /// <summary>Its connection id.</summary>
    public string Id { get; private set; } = "";

    public bool IsStarted { get; private set; }

    /// <summary>Makes the client, without connecting it.</summary>
    public Task MakeAsync(Address address, bool reconnect, TimeSpan deadline) => ActAsync("make", deadline, new()
    {
        ["settings"] = new
        {
            page = run.Name, library = run.Client.Library, url = address.Url, query = address.User is null ? new() : new Dictionary<string, string> { ["user"] = address.User },
            token = address.Token, hub = "room", transport = run.Transport, protocol = run.Client.Family.Protocol, reconnect,
        },
    });

    public async Task StartAsync(TimeSpan deadline)
    {
        var id = await ActAsync("start", deadline, []);
        IsStarted = true;
        // Old libraries do not tell.
        Id = id.ValueKind == JsonValueKind.String ? id.GetString()! : (await CallAsync("invoke", "WhoAmI", [], deadline)).GetProperty("id").GetString()!;
    }

    public async Task StopAsync(TimeSpan deadline)
    {
        IsStarted = false;
        await ActAsync("stop", deadline, []);
    }

    /// <summary>Drops it, whatever its state.</summary>
    /// <param name="hasFailed">Whether something failed: what that may have left behind goes, too.</param>
    public Task ForgetAsync(bool hasFailed) => ActAsync("forget", Deadlines.Step, new() { ["failed"] = hasFailed });

    public Task<JsonElement> CallAsync(string act, string method, IReadOnlyList<object?> args, TimeSpan deadline) =>
        ActAsync(act, deadline, new() { ["method"] = method, ["args"] = args });

    /// <exception cref="ClientException">The library failed, with this message.</exception>
    /// <exception cref="UnsupportedException">The library cannot do that.</exception>
    public async Task<JsonElement> ActAsync(string act, TimeSpan deadline, Dictionary<string, object?> details)
    {
        details["member"] = Key;
        details["act"] = act;
        var answer = await driver(details, $"{act} {details.GetValueOrDefault("method")}".TrimEnd(), deadline);
        if (answer.TryGetProperty("error", out var error))
        {
            throw new ClientException(error.GetString()!);
        }

        return answer.TryGetProperty("unsupported", out var reason) ? throw new UnsupportedException(reason.GetString()!) : answer.GetProperty("value");
    }
}
