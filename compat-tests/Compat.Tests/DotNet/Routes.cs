using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Tandem.Compat.Tests.DotNet;

/// <summary>Where a client's transport really goes, from what the client library logs about it.</summary>
internal sealed partial class Routes : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(string Transport, Uri Url)> _routes = new();

    public Uri[] Urls => [.. _routes.Select(route => route.Url)];

    /// <summary>The transports that were tried.</summary>
    public string[] Transports => [.. _routes.Select(route => route.Transport)];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (StartingTransport().Match(formatter(state, exception)) is { Success: true } match)
        {
            _routes.Enqueue((match.Groups[1].Value, new Uri(match.Groups[2].Value)));
        }
    }

    public void Dispose()
    {
    }

    [GeneratedRegex(@"^Starting transport '(.*)' with Url: (\S+?)\.?$")]
    private static partial Regex StartingTransport();
}
