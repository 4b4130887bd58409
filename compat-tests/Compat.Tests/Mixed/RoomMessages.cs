using System.Text.Json;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>The messages that a member has been told, by their kind.</summary>
internal sealed class RoomMessages
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<JsonElement>> _byKind = [];
    private readonly List<TaskCompletionSource> _waiting = [];

    public void Add(string kind, JsonElement payload)
    {
        TaskCompletionSource[] waiting;
        lock (_lock)
        {
            if (!_byKind.TryGetValue(kind, out var ofKind))
            {
                _byKind[kind] = ofKind = [];
            }

            ofKind.Add(payload);
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var one in waiting)
        {
            one.TrySetResult();
        }
    }

    public void Add(string kind, string payload) => Add(kind, JsonSerializer.SerializeToElement(payload));

    /// <summary>Those of a kind, in the order they came.</summary>
    public JsonElement[] Of(string kind)
    {
        lock (_lock)
        {
            return _byKind.TryGetValue(kind, out var ofKind) ? [.. ofKind] : [];
        }
    }

    /// <summary>Those texts of a kind, in the order they came.</summary>
    public string[] Texts(string kind) => [.. Of(kind).Select(payload => payload.ToString())];

    /// <summary>How often it came.</summary>
    public int Count(string kind, string text) => Texts(kind).Count(each => each == text);

    public Task SeesAsync(string kind, string text) => UntilAsync($"{kind} \"{text}\"", () => Count(kind, text) > 0);

    /// <summary>The texts of a kind, as soon as there are so many.</summary>
    public async Task<string[]> CountAsync(string kind, int count)
    {
        await UntilAsync($"{count} of {kind}", () => Of(kind).Length >= count);
        return Texts(kind);
    }

    private async Task UntilAsync(string what, Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Step);
        while (true)
        {
            // In the list before the look, or what comes in between would wake nobody.
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
