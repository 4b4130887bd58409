using System.Collections.Concurrent;
using System.Text.Json;

namespace Tandem.Compat.Processes;

/// <summary>
/// A program that holds clients, the members, and does with them what it is told: one JSON line for each command, answered by one with the same
/// <c>call</c>, in any order. What a member is told comes as <c>{ member, kind, payload }</c>.
/// </summary>
internal sealed class DriverProcess : IAsyncDisposable
{
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly JsonSerializerOptions _json;
    private readonly Action<string, string, JsonElement> _see;
    private readonly ChildProcess _process;
    private readonly Task<JsonElement> _ended;
    private int _lastCall;

    private DriverProcess(Func<Predicate<string>, ChildProcess> start, JsonSerializerOptions json, Action<string, string, JsonElement> see)
    {
        (_json, _see) = (json, see);
        _process = start(Take);
        _ended = NeverAnsweredAsync();
    }

    /// <summary>Completes when the driver says <c>{"ready":true}</c>.</summary>
    /// <param name="start">Starts it; the lines that its argument takes are not kept.</param>
    /// <param name="json">How commands are written.</param>
    /// <param name="see">Gets what members are told: member, kind and payload.</param>
    public static async Task<DriverProcess> StartAsync(
        Func<Predicate<string>, ChildProcess> start, JsonSerializerOptions json, Action<string, string, JsonElement> see)
    {
        var driver = new DriverProcess(start, json, see);
        await driver._process.Log.WaitForAsync(line => line.StartsWith("""{"ready":true""", StringComparison.Ordinal)).Within("a driver of clients", Deadlines.Process);
        return driver;
    }

    /// <summary>The answer to a command: an object with <c>value</c>, or with <c>error</c> or the like.</summary>
    /// <param name="command">Without its <c>call</c>.</param>
    /// <param name="what">For the error when it takes too long.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <exception cref="TimeoutException">There was no answer in time.</exception>
    /// <exception cref="InvalidOperationException">The driver has ended.</exception>
    public async Task<JsonElement> CallAsync(IReadOnlyDictionary<string, object?> command, string what, TimeSpan deadline)
    {
        var call = Interlocked.Increment(ref _lastCall);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[call] = answer;
        try
        {
            var line = JsonSerializer.Serialize(new Dictionary<string, object?>(command) { ["call"] = call }, _json);
            await _writing.WaitAsync();
            try
            {
                await _process.WriteLineAsync(line);
            }
            finally
            {
                _writing.Release();
            }

            return await await Task.WhenAny(answer.Task, _ended).Within(what, deadline);
        }
        finally
        {
            _calls.TryRemove(call, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _writing.Dispose();
    }

    // Fails when the driver ends, with the end of its output.
    private async Task<JsonElement> NeverAnsweredAsync()
    {
        await _process.Log.WaitForAsync(static _ => false);
        throw new InvalidOperationException("The driver has ended.");
    }

    private bool Take(string line)
    {
        if (line.StartsWith("""{"member":""", StringComparison.Ordinal))
        {
            var seen = JsonDocument.Parse(line).RootElement;
            _see(seen.GetProperty("member").GetString()!, seen.GetProperty("kind").GetString()!, seen.GetProperty("payload"));
            return true;
        }

        if (!line.StartsWith("""{"call":""", StringComparison.Ordinal))
        {
            return false;
        }

        var answer = JsonDocument.Parse(line).RootElement;
        if (_calls.TryGetValue(answer.GetProperty("call").GetInt32(), out var call))
        {
            call.TrySetResult(answer);
        }

        return true;
    }
}
