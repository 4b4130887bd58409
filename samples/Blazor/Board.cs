namespace Tandem.Blazor;

/// <summary>
/// The notes that all tabs share. It lives in this process; an application on several machines would keep it in a store of its own.
/// </summary>
public sealed class Board
{
    private const int MaxNotes = 50;

    private readonly Lock _lock = new();
    private readonly Queue<Note> _notes = new();

    /// <summary>Raised, on any thread, after a note was added.</summary>
    public event Action? Changed;

    public IReadOnlyList<Note> Notes
    {
        get
        {
            lock (_lock)
            {
                return [.. _notes];
            }
        }
    }

    public void Add(Note note)
    {
        lock (_lock)
        {
            _notes.Enqueue(note);
            while (_notes.Count > MaxNotes)
            {
                _notes.Dequeue();
            }
        }

        Changed?.Invoke();
    }
}
