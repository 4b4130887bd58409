using Microsoft.Extensions.Logging;

namespace Tandem.Routing.Tests.Support;

/// <summary>Keeps log lines.</summary>
internal sealed class LogSink
{
    private readonly Lock _lock = new();
    private readonly List<(LogLevel Level, string Event, string Text)> _lines = [];

    /// <summary>Names of the warnings and errors logged, in order.</summary>
    public string[] Alarms
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Event)];
            }
        }
    }

    public ILogger<T> For<T>() => new Logger<T>(this);

    private sealed class Logger<T>(LogSink sink) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (sink._lock)
            {
                sink._lines.Add((logLevel, eventId.Name ?? string.Empty, formatter(state, exception)));
            }
        }
    }
}
