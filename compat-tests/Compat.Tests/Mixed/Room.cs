namespace Tandem.Compat.Tests.Mixed;

/// <summary>Those who are in a room, and who of them must have been told what.</summary>
internal sealed class Room(List<RoomMember> members)
{
    private readonly List<(RoomMember Sender, string Scenario, string Kind, string Payload, RoomMember[] Recipients)> _sent = [];

    public IReadOnlyList<RoomMember> Members => members;

    /// <summary>Every second of the room, of all clients: whom a group is for.</summary>
    public bool IsInGroup(RoomMember member) => IndexOf(member) % 2 == 0;

    /// <summary>Whom a sender leaves out: every third beginning with a place of its own, so that all are left out by somebody.</summary>
    public RoomMember[] LeftOutBy(RoomMember sender) => [.. members.Where(member => (IndexOf(member) + IndexOf(sender)) % 3 == 0)];

    /// <summary>The one after it.</summary>
    public RoomMember NeighbourOf(RoomMember member) => members[(IndexOf(member) + 1) % members.Count];

    /// <summary>Sends something, and waits until all have been told who must be.</summary>
    /// <param name="sender">Who sends.</param>
    /// <param name="scenario">In which scenario; with the sender it must be the only message.</param>
    /// <param name="recipients">Who must be told, exactly once, and nobody else.</param>
    /// <param name="send">Sends a message of that kind, with that payload.</param>
    /// <param name="payload">Instead of a short text.</param>
    /// <param name="to">The recipient, in scenarios with a message for each.</param>
    public async Task SendAsync(
        RoomMember sender, string scenario, IEnumerable<RoomMember> recipients, Func<string, string, Task> send,
        string? payload = null, RoomMember? to = null)
    {
        var kind = $"{scenario} from {sender.Name}{(to is null ? "" : $" to {to.Name}")}";
        payload ??= $"{scenario} {IndexOf(sender)}";
        RoomMember[] expected = [.. recipients];
        lock (_sent)
        {
            _sent.Add((sender, scenario, kind, payload, expected));
        }

        await send(kind, payload);
        await Task.WhenAll(expected.Select(member => member.Messages.CountAsync(kind, 1).Within($"{kind} to {member.Name}")));
    }

    /// <summary>What came to somebody it was not for, more than once, or as something else.</summary>
    public IEnumerable<(RoomMember Sender, string Scenario, string Error)> Violations() =>
        from sent in _sent
        from member in members
        let wanted = sent.Recipients.Contains(member) ? new[] { sent.Payload } : []
        let actual = member.Messages.Texts(sent.Kind)
        where !actual.SequenceEqual(wanted)
        select (sent.Sender, sent.Scenario, $"{member.Name} was told {actual.Length} times, not {wanted.Length}: {string.Join(", ", actual.Select(Shorten))}");

    public int IndexOf(RoomMember member) => members.IndexOf(member);

    private static string Shorten(string text) => text.Length > 100 ? $"{text[..100]}…" : text;
}
