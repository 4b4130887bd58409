using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.DotNet;

/// <summary>The stages of a scenario in which clients of many kinds take part at once.</summary>
internal sealed class StageList(string appUrl, IEnumerable<(string Transport, string Protocol)> combinations) : IAsyncDisposable
{
    private readonly DotNetStage[] _stages = [.. combinations.Select(each => new DotNetStage(appUrl, each.Transport, each.Protocol))];

    /// <summary>One client of each kind.</summary>
    public Task<DotNetClient[]> ConnectAllAsync(Action<IHubConnectionBuilder>? build = null) =>
        Task.WhenAll(_stages.Select(stage => stage.ConnectAsync(build: build)));

    public async ValueTask DisposeAsync()
    {
        foreach (var stage in _stages)
        {
            await stage.DisposeAsync();
        }
    }
}
