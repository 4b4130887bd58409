using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.DotNet;

/// <summary>One .NET client of the application and all it was told.</summary>
internal sealed class DotNetClient : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Name, string Value)> _seen = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DotNetClient(HubConnection connection)
    {
        Connection = connection;
        connection.On<string>("Welcome", connectionId => See("Welcome", connectionId));
        connection.On<string>("Message", text => See("Message", text));
        connection.On<string, int>("Number", (tag, number) => See($"Number {tag}", $"{number}"));
        connection.On<string, int>("Told", (text, number) => See("Told", $"{text} {number}"));
        connection.Reconnecting += error => Seen("Reconnecting", error?.Message ?? "");
        connection.Reconnected += connectionId => Seen("Reconnected", connectionId ?? "");
        connection.Closed += error =>
        {
            _closed.TrySetResult(error);
            return Task.CompletedTask;
        };
    }

    public HubConnection Connection { get; }

    /// <summary>Completes when the connection is closed for good.</summary>
    public Task<Exception?> Closed => _closed.Task;

    public string ConnectionId => Connection.ConnectionId ?? throw new InvalidOperationException("The client is not connected.");

    public Task StartAsync() => Connection.StartAsync().Within("start");

    public Task StopAsync() => Connection.StopAsync().Within("stop");

    public Task InvokeAsync(string method, params object?[] values) => Connection.InvokeCoreAsync(method, values).Within(method);

    public Task<T> InvokeAsync<T>(string method, params object?[] values) => Connection.InvokeCoreAsync<T>(method, values).Within(method);

    public Task SendAsync(string method, params object?[] values) => Connection.SendCoreAsync(method, values).Within(method);

    /// <summary>Reads a stream to its end, into <paramref name="items"/>, so that they are there when it fails.</summary>
    public async Task StreamAsync<T>(List<T> items, string method, params object?[] values)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Step);
        await foreach (var item in Connection.StreamAsyncCore<T>(method, values, deadline.Token))
        {
            items.Add(item);
        }
    }

    /// <summary>The error the connection was closed with, if there was one.</summary>
    public Task<Exception?> ClosedAsync() => Closed.Within("close");

    /// <summary>Everything that was seen under the name, in order.</summary>
    public string[] All(string name)
    {
        lock (_lock)
        {
            return [.. _seen.Where(entry => entry.Name == name).Select(entry => entry.Value)];
        }
    }

    public bool Has(string text, string name = "Message") => All(name).Contains(text);

    public Task SeesAsync(string text, string name = "Message") => UntilAsync($"{name} \"{text}\"", () => Has(text, name));

    /// <summary>The values under the name, as soon as there are so many.</summary>
    public async Task<string[]> CountAsync(string name, int count)
    {
        await UntilAsync($"{count} of \"{name}\"", () => All(name).Length >= count);
        return All(name);
    }

    public async ValueTask DisposeAsync() => await Connection.DisposeAsync().AsTask().Within("dispose");

    private Task Seen(string name, string value)
    {
        See(name, value);
        return Task.CompletedTask;
    }

    private void See(string name, string value)
    {
        TaskCompletionSource[] waiting;
        lock (_lock)
        {
            _seen.Add((name, value));
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var one in waiting)
        {
            one.TrySetResult();
        }
    }

    private async Task UntilAsync(string what, Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Step);
        while (true)
        {
            // In the list before the look, or what is seen in between would wake nobody.
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                _waiting.Add(changed);
            }

            if (condition())
            {
                return;
            }

            try
            {
                await changed.Task.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{what}: not within {Deadlines.Step}.");
            }
        }
    }
}
