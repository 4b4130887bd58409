using System.Text.Json;

namespace Tandem.Compat.Processes;

/// <summary>The messages that a client has been told, by their kind.</summary>
internal sealed class SeenMessages
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, OfKind> _kinds = [];

    public void Add(string kind, JsonElement payload)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            var ofKind = Find(kind);
            ofKind.Payloads.Add(payload);
            (changed, ofKind.Changed) = (ofKind.Changed, null);
        }

        changed?.TrySetResult();
    }

    public void Add(string kind, string payload) => Add(kind, JsonSerializer.SerializeToElement(payload));

    /// <summary>Those of a kind, in the order they came.</summary>
    public JsonElement[] Of(string kind)
    {
        lock (_lock)
        {
            return [.. Find(kind).Payloads];
        }
    }

    /// <summary>Those texts of a kind, in the order they came.</summary>
    public string[] Texts(string kind) => [.. Of(kind).Select(payload => payload.ToString())];

    /// <summary>How often it came.</summary>
    public int Count(string kind, string text) => Texts(kind).Count(each => each == text);

    /// <summary>Completes when the text has come, or any text if that is null.</summary>
    public Task SeesAsync(string kind, string? text, TimeSpan? deadline = null) => UntilAsync(
        $"{kind} \"{text}\"", kind, payloads => text is null ? payloads.Count > 0 : payloads.Exists(payload => payload.ToString() == text), deadline ?? Deadlines.Process);

    /// <summary>The texts of a kind, as soon as there are so many.</summary>
    public async Task<string[]> CountAsync(string kind, int count, TimeSpan? deadline = null)
    {
        await UntilAsync($"{count} of {kind}", kind, payloads => payloads.Count >= count, deadline ?? Deadlines.Process);
        return Texts(kind);
    }

    private async Task UntilAsync(string what, string kind, Predicate<List<JsonElement>> condition, TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var ofKind = Find(kind);
                if (condition(ofKind.Payloads))
                {
                    return;
                }

                changed = (ofKind.Changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            try
            {
                await changed.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{what}: not within {deadline}; there were {Of(kind).Length}.");
            }
        }
    }

    private OfKind Find(string kind) => _kinds.TryGetValue(kind, out var found) ? found : _kinds[kind] = new OfKind();

    private sealed class OfKind
    {
        public List<JsonElement> Payloads { get; } = [];

        public TaskCompletionSource? Changed { get; set; }
    }
}
