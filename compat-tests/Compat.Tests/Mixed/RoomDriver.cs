using System.Collections.Concurrent;
using System.Text.Json;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>The JavaScript members of all rooms: those of ASP.NET Core in one Node, those of ASP.NET SignalR on one page in Chromium.</summary>
internal sealed class RoomDriver : IAsyncDisposable
{
    private const string Node = "node";
    private const string Chromium = "chromium";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new RoomBytesConverter(), new RoomDateConverter() } };

    private readonly ConcurrentDictionary<string, JavaScriptMember> _members = new();
    private readonly Dictionary<string, DriverProcess> _processes = [];

    public static async Task<RoomDriver> StartAsync(string name)
    {
        var driver = new RoomDriver();
        var starting = new[] { Node, Chromium }.ToDictionary(runtime => runtime, runtime => DriverProcess.StartAsync(
            take => JavaScriptClients.Start($"{name}-{runtime}", runtime, take), Json, (member, kind, payload) => driver._members[member].Messages.Add(kind, payload)));
        foreach (var (runtime, process) in starting)
        {
            driver._processes[runtime] = await process;
        }

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
        var command = new Dictionary<string, object?>(details) { ["member"] = member.Key, ["act"] = act };
        var answer = await _processes[RoomClients.IsClassic(member.Client) ? Chromium : Node]
            .CallAsync(command, $"{act} {details.GetValueOrDefault("method")} of {member.Name}", Deadlines.Step + Deadlines.Step);
        return answer.TryGetProperty("value", out var value) ? value : throw new RoomCallException(answer.GetProperty("error").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }
    }
}
