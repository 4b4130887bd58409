using Tandem.Testing;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>What hubs saw.</summary>
public sealed class HubEvents
{
    private readonly MessageLog<string> _log = new();

    /// <summary>Lets waiting hub methods go on.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> All => _log.Items;

    public void Add(string what) => _log.Add(what);

    public Task TakeAsync(string what) => _log.TakeAsync(item => item == what, what);
}
