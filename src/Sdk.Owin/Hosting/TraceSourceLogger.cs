using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Tandem.Sdk.Owin;

/// <summary>
/// Logs the way classic applications do: to a trace source, which their configuration file can direct anywhere, and warnings to the
/// host's trace output if it has one.
/// </summary>
internal sealed class TraceSourceLogger : ILoggerFactory, ILogger
{
    private readonly TraceSource _source = new("Tandem", SourceLevels.Warning);
    private readonly TextWriter? _output;

    public TraceSourceLogger(TextWriter? output)
    {
        _output = output;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Set TandemOptions.LoggerFactory instead.");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel != LogLevel.None && (_source.Switch.ShouldTrace(ToEvent(logLevel)) || (_output is not null && logLevel >= LogLevel.Warning));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var text = formatter(state, exception);
        _source.TraceEvent(ToEvent(logLevel), eventId.Id, "{0}", exception is null ? text : text + Environment.NewLine + exception);
        if (logLevel >= LogLevel.Warning)
        {
            // For the eye: a gateway that is away for a minute must not fill the console with stack traces.
            _output?.WriteLine("Tandem: " + text + (exception is null ? string.Empty : " " + exception.GetBaseException().Message));
        }
    }

    public void Dispose() => _source.Close();

    private static TraceEventType ToEvent(LogLevel level) => level switch
    {
        LogLevel.Critical => TraceEventType.Critical,
        LogLevel.Error => TraceEventType.Error,
        LogLevel.Warning => TraceEventType.Warning,
        LogLevel.Information => TraceEventType.Information,
        _ => TraceEventType.Verbose,
    };
}
