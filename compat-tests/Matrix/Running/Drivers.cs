using System.Collections.Concurrent;
using System.Text.Json;

namespace Tandem.Compat.Matrix.Running;

/// <summary>The drivers of clients, each started when it is first needed; see <c>compat-tests/clients/README.md</c>.</summary>
internal sealed class Drivers : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentDictionary<string, Lazy<Task<DriverProcess>>> _processes = new();
    private readonly ConcurrentDictionary<string, Member> _members = new();
    private int _lastMember;

    /// <summary>A client that is not made yet.</summary>
    public async Task<Member> AddAsync(Run run, string user)
    {
        var name = run.Client.Driver;
        var driver = await _processes.GetOrAdd(name, _ => new Lazy<Task<DriverProcess>>(() => StartAsync(name))).Value;
        var key = $"{Interlocked.Increment(ref _lastMember)}";
        return _members[key] = new Member(driver.CallAsync, key, run, user);
    }

    /// <summary>Drops a client, whatever its state, and what it was told.</summary>
    /// <param name="member">Which.</param>
    /// <param name="hasFailed">Whether something failed.</param>
    public async Task ForgetAsync(Member member, bool hasFailed)
    {
        try
        {
            await member.ForgetAsync(hasFailed);
        }
        finally
        {
            _members.TryRemove(member.Key, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values.Where(process => process.IsValueCreated && process.Value.IsCompletedSuccessfully))
        {
            await (await process.Value).DisposeAsync();
        }
    }

    private static ChildProcess Start(string name, Predicate<string> take)
    {
        var words = name.Split(' ');
        var log = "driver-" + words[^1];
        return words switch
        {
            ["dotnet", var folder] => ChildProcess.Start(log, "dotnet", [ProgramIn(folder, "net10.0", "*.dll")], take: take),
            ["mono", var folder] => ChildProcess.Start(log, "mono", [ProgramIn(folder, "net472", "*.exe")], take: take),
            [var runtime] => JavaScriptClients.Start(log, runtime, take),
            _ => throw new InvalidDataException($"\"{name}\" is no driver."),
        };
    }

    // The program has the name of its project.
    private static string ProgramIn(string folder, string framework, string pattern) =>
        Repository.ProgramIn($"compat-tests/clients/dotnet/{folder}", framework, pattern);

    private Task<DriverProcess> StartAsync(string name) => DriverProcess.StartAsync(take => Start(name, take), Json, (key, kind, payload) =>
    {
        if (_members.TryGetValue(key, out var member))
        {
            member.Messages.Add(kind, payload);
        }
    });
}
