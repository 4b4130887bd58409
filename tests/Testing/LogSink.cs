using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Tandem.Testing;

/// <summary>Keeps everything that is logged, and knows which warnings and errors a test expects.</summary>
public sealed class LogSink : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private readonly ConcurrentDictionary<string, bool> _expected = new();

    /// <summary>What was logged so far.</summary>
    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>Warnings and errors nobody expected.</summary>
    public IEnumerable<LogEntry> Surprises =>
        _entries.Where(entry => entry.Level >= LogLevel.Warning && !_expected.ContainsKey(entry.EventName ?? string.Empty));

    /// <summary>Names events that may be logged as warnings or errors.</summary>
    public void Expect(params ReadOnlySpan<string> eventNames)
    {
        foreach (var name in eventNames)
        {
            _expected[name] = true;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    /// <summary>One line of the log.</summary>
    public sealed record LogEntry(string Category, LogLevel Level, string? EventName, string Message, Exception? Exception)
    {
        public override string ToString() => $"{Level} {Category} {EventName}: {Message} {Exception}";
    }

    private sealed class Logger(LogSink sink, string category) : ILogger
    {
        // Scopes are kept like messages: what must not be logged must not be in them either.
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            sink._entries.Enqueue(new LogEntry(category, LogLevel.Trace, null, "scope: " + Describe(state), null));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            sink._entries.Enqueue(new LogEntry(category, logLevel, eventId.Name, formatter(state, exception) + " | " + Describe(state), exception));

        private static string Describe(object? state) => state is IEnumerable<KeyValuePair<string, object?>> values
            ? string.Join(", ", values.Select(value => $"{value.Key}={value.Value}"))
            : state?.ToString() ?? string.Empty;
    }
}
