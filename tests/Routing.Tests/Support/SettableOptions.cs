using Microsoft.Extensions.Options;

namespace Tandem.Routing.Tests.Support;

/// <summary>Options that a test changes while they are in use.</summary>
internal sealed class SettableOptions<TOptions>(TOptions value) : IOptionsMonitor<TOptions>
{
    public TOptions CurrentValue { get; set; } = value;

    public TOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<TOptions, string?> listener) => null;
}
