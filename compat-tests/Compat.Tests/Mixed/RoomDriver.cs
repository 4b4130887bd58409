using System.Collections.Concurrent;
using System.Text.Json;
using Tandem.Compat.Tests.JavaScript;
using Tandem.Compat.Tests.Processes;

namespace Tandem.Compat.Tests.Mixed;

/// <summary><c>compat-tests/js/mixed/driver.mjs</c>: the JavaScript members of all rooms, in one Node and on one page.</summary>
internal sealed class RoomDriver : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new RoomBytesConverter(), new RoomDateConverter() } };

    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<string, JavaScriptMember> _members = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _calls = new();
    private ChildProcess? _process;
    private int _lastCall;

    public static async Task<RoomDriver> StartAsync(string name)
    {
        var driver = new RoomDriver();
        driver._process = JavaScriptDriver.Start(name, "mixed/driver.mjs", driver.Take);
        await driver._process.Log.WaitForAsync(line => line == """{"ready":true}""").Within("the driver of the rooms", Deadlines.Process);
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
        var call = Interlocked.Increment(ref _lastCall);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[call] = answer;
        var command = new Dictionary<string, object?>(details) { ["call"] = call, ["member"] = member.Key, ["kind"] = member.Client, ["act"] = act };
        await _writing.WaitAsync();
        try
        {
            await _process!.WriteLineAsync(JsonSerializer.Serialize(command, Json));
        }
        finally
        {
            _writing.Release();
        }

        return await answer.Task.Within($"{act} {details.GetValueOrDefault("method")} of {member.Name}", Deadlines.Step + Deadlines.Step);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _writing.Dispose();
    }

    private bool Take(string line)
    {
        if (line.StartsWith("""{"member":""", StringComparison.Ordinal))
        {
            var seen = JsonDocument.Parse(line).RootElement;
            _members[seen.GetProperty("member").GetString()!].Messages.Add(seen.GetProperty("kind").GetString()!, seen.GetProperty("payload"));
            return true;
        }

        if (line.StartsWith("""{"call":""", StringComparison.Ordinal))
        {
            var result = JsonDocument.Parse(line).RootElement;
            if (_calls.TryRemove(result.GetProperty("call").GetInt32(), out var call))
            {
                if (result.TryGetProperty("error", out var error))
                {
                    call.TrySetException(new RoomCallException(error.GetString()!));
                }
                else
                {
                    call.TrySetResult(result.GetProperty("value"));
                }
            }

            return true;
        }

        return false;
    }
}
