using System.Collections.Concurrent;
using System.Text.Json;
using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.Mixed;

/// <summary><c>compat-tests/js/mixed/driver.mjs</c>: the JavaScript members of all rooms, in one Node and on one page.</summary>
internal sealed class RoomDriver : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new RoomBytesConverter(), new RoomDateConverter() } };

    private readonly ConcurrentDictionary<string, JavaScriptMember> _members = new();
    private DriverProcess? _process;

    public static async Task<RoomDriver> StartAsync(string name)
    {
        var driver = new RoomDriver();
        driver._process = await DriverProcess.StartAsync(
            take => JavaScriptDriver.Start(name, "mixed/driver.mjs", take), Json, (member, kind, payload) => driver._members[member].Messages.Add(kind, payload));
        return driver;
    }

    /// <summary>Takes a member in, and gives it a name.</summary>
    public string Add(JavaScriptMember member)
    {
        var key = $"{_members.Count} {member.Name}";
        return _members.TryAdd(key, member) ? key : Add(member);
    }

    /// <exception cref="RoomCallException">It failed, with this message.</exception>
    public async Task<JsonElement> CallAsync(JavaScriptMember member, string act, Dictionary<string, object?> details)
    {
        var command = new Dictionary<string, object?>(details) { ["member"] = member.Key, ["kind"] = member.Client, ["act"] = act };
        var answer = await _process!.CallAsync(command, $"{act} {details.GetValueOrDefault("method")} of {member.Name}", Deadlines.Step + Deadlines.Step);
        return answer.TryGetProperty("error", out var error) ? throw new RoomCallException(error.GetString()!) : answer.GetProperty("value");
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
