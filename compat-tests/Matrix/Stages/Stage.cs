using Tandem.Compat.Matrix.Catalogue;

namespace Tandem.Compat.Matrix.Stages;

/// <summary>Servers that clients connect to, and what can happen to them.</summary>
internal abstract class Stage : IAsyncDisposable
{
    /// <summary>How long tokens are good that expire soon.</summary>
    public static readonly TimeSpan BriefToken = TimeSpan.FromSeconds(20);

    /// <summary>Completes when all servers serve.</summary>
    public abstract Task StartAsync();

    /// <summary>Where a client finds its hub.</summary>
    /// <param name="server">Who serves it.</param>
    /// <param name="generation">Of the client.</param>
    /// <param name="way">How it gets there.</param>
    /// <param name="user">Who uses it.</param>
    /// <param name="token">What kind it has where it brings its own.</param>
    /// <param name="isSpared">Whether it is spared what happens to the others.</param>
    public abstract Address AddressOf(Server server, Generation generation, string way, string user, TokenKind token = TokenKind.Good, bool isSpared = false);

    /// <summary>Lets something happen to all clients.</summary>
    /// <param name="happening">What.</param>
    /// <param name="meanwhile">What is done while they are away.</param>
    public abstract Task HappenAsync(string happening, Func<Task> meanwhile);

    public abstract ValueTask DisposeAsync();

    /// <summary>Cuts all that goes through a proxy.</summary>
    protected static async Task CutAsync(IReadOnlyList<CuttableProxy> proxies, Func<Task> meanwhile)
    {
        foreach (var proxy in proxies)
        {
            proxy.Cut();
        }

        await meanwhile();
        foreach (var proxy in proxies)
        {
            proxy.Restore();
        }
    }
}
