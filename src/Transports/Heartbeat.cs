using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tandem.Routing;

namespace Tandem.Transports;

/// <summary>The node's one tick per second, handed to everything that has something to do now and then.</summary>
public sealed partial class Heartbeat(IEnumerable<IHeartbeatHandler> handlers, TimeProvider time, ILogger<Heartbeat> logger) : BackgroundService
{
    /// <summary>Time between two ticks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IHeartbeatHandler[] _handlers = [.. handlers];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Tick();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private void Tick()
    {
        foreach (var handler in _handlers)
        {
            try
            {
                handler.OnHeartbeat();
            }
            catch (Exception exception)
            {
                // A handler must not throw; if one has a bug, the others still need their tick.
                Log.HandlerFailed(logger, exception, handler.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The heartbeat of {Handler} failed.", EventName = "HandlerFailed")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string handler);
    }
}
