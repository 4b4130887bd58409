using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Connections;

/// <summary>
/// All server connections of one hub: one set per endpoint. A message goes to every endpoint, because a group's members may
/// be at any of them.
/// </summary>
internal sealed partial class HubConnections : IDisposable
{
    private readonly ILogger _logger;

    // Messages that missed each endpoint since it was last reached: a line for every one would bury the log of a busy application.
    private readonly int[] _missed;

    public HubConnections(
        ServerConnectionSettings settings,
        IEnumerable<TandemEndpoint> endpoints,
        string hub,
        IServerConnectionHandler handler,
        ILogger logger)
    {
        Hub = hub;
        _logger = logger;
        Sets = endpoints.Select(endpoint => new ServerConnectionSet(settings, endpoint, hub, handler, logger)).ToArray();
        _missed = new int[Sets.Count];
    }

    /// <summary>Hub name with application name.</summary>
    public string Hub { get; }

    public IReadOnlyList<ServerConnectionSet> Sets { get; }

    public void Start()
    {
        foreach (var set in Sets)
        {
            set.Start();
        }
    }

    /// <summary>Writes a message to every endpoint.</summary>
    /// <param name="message">The message.</param>
    /// <param name="onMissed">Told of each endpoint that did not get it while another one did.</param>
    /// <exception cref="TandemNotConnectedException">No endpoint is connected: nothing was sent.</exception>
    public Task WriteAsync(ServiceMessage message, Action<TandemEndpoint>? onMissed = null)
    {
        if (Sets.Count > 1)
        {
            _ = ServerConnectionScope.Current;
            return WriteToAllAsync(message, onMissed);
        }

        var written = Sets[0].TryWriteAsync(message);
        if (!written.IsCompletedSuccessfully)
        {
            return FinishAsync(written);
        }

        return written.Result ? Task.CompletedTask : Task.FromException(NotConnected());
    }

    /// <summary>Sends a message that wants an answer to every endpoint; true if any says so.</summary>
    /// <exception cref="TandemNotConnectedException">No endpoint is connected: nothing was sent.</exception>
    /// <exception cref="TimeoutException">No endpoint said yes, and one did not answer in time.</exception>
    public Task<bool> AskAsync(Func<int, ServiceMessage> message, CancellationToken cancellationToken)
    {
        if (Sets.Count == 1)
        {
            return Sets[0].AskAsync(message, cancellationToken);
        }

        _ = ServerConnectionScope.Current;
        return AskAllAsync(message, cancellationToken);
    }

    public TandemNotConnectedException NotConnected() =>
        Sets.Count == 1
            ? Sets[0].NotConnected()
            : new(Hub, string.Join(", ", Sets.Select(set => set.Endpoint)), Sets.Select(set => set.LastError).FirstOrDefault(error => error is not null));

    public Task AnnounceShutdownAsync(string fin, CancellationToken cancellationToken) =>
        Task.WhenAll(Sets.Select(set => set.AnnounceShutdownAsync(fin, cancellationToken)));

    public Task StopAsync() => Task.WhenAll(Sets.Select(static set => set.StopAsync()));

    public void Dispose()
    {
        foreach (var set in Sets)
        {
            set.Dispose();
        }
    }

    private async Task FinishAsync(ValueTask<bool> written)
    {
        if (!await written.ConfigureAwait(false))
        {
            throw NotConnected();
        }
    }

    private async Task WriteToAllAsync(ServiceMessage message, Action<TandemEndpoint>? onMissed)
    {
        // Started one after the other and awaited afterwards: one slow endpoint does not hold up the next.
        var writes = Sets.Select(set => set.TryWriteAsync(message).AsTask()).ToArray();
        var any = false;
        for (var i = 0; i < writes.Length; i++)
        {
            if (await writes[i].ConfigureAwait(false))
            {
                any = true;
                Reached(i);
            }
            else
            {
                Missed(i);
                onMissed?.Invoke(Sets[i].Endpoint);
            }
        }

        if (!any)
        {
            throw NotConnected();
        }
    }

    private void Reached(int index)
    {
        if (Volatile.Read(ref _missed[index]) > 0 && Interlocked.Exchange(ref _missed[index], 0) is var missed and > 0)
        {
            Log.EndpointReached(_logger, Hub, Sets[index].Endpoint, missed);
        }
    }

    private void Missed(int index)
    {
        if (Interlocked.Increment(ref _missed[index]) == 1)
        {
            Log.EndpointMissed(_logger, Hub, Sets[index].Endpoint);
        }
    }

    private async Task<bool> AskAllAsync(Func<int, ServiceMessage> message, CancellationToken cancellationToken)
    {
        var questions = Sets.Select(set => set.AskAsync(message, cancellationToken)).ToList();
        var failures = new List<Exception>();
        while (questions.Count > 0)
        {
            var question = await Task.WhenAny(questions).ConfigureAwait(false);
            questions.Remove(question);
            try
            {
                if (await question.ConfigureAwait(false))
                {
                    Observe(questions);
                    return true;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failures.Add(exception);
            }
        }

        if (failures.Count == Sets.Count && failures.All(static failure => failure is TandemNotConnectedException))
        {
            throw NotConnected();
        }

        var serious = failures.FirstOrDefault(static failure => failure is not TandemNotConnectedException);
        return serious is null ? false : throw serious;
    }

    /// <summary>The answer is known; what the others still say, or fail to say, interests nobody.</summary>
    private static void Observe(List<Task<bool>> questions)
    {
        foreach (var question in questions)
        {
            _ = question.ContinueWith(static task => _ = task.Exception, CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Messages of hub {Hub} do not reach {Endpoint}: it is not connected.", EventName = "EndpointMissed")]
        public static partial void EndpointMissed(ILogger logger, string hub, TandemEndpoint endpoint);

        [LoggerMessage(2, LogLevel.Information, "Messages of hub {Hub} reach {Endpoint} again; {Missed} did not.", EventName = "EndpointReached")]
        public static partial void EndpointReached(ILogger logger, string hub, TandemEndpoint endpoint, int missed);
    }
}
