using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

/// <summary>What hubs have told a test, and a gate that a test holds closed for them.</summary>
public sealed class HubEvents
{
    private readonly MessageLog<string> _log = new();

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Items => _log.Items;

    public void Add(string what) => _log.Add(what);

    public Task<string> TakeAsync(string start) => _log.TakeAsync(item => item.StartsWith(start, StringComparison.Ordinal), start);
}
