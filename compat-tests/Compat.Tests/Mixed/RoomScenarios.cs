using System.Globalization;
using System.Text.Json;
using Tandem.AppServer.Hubs;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>What every member of a room does.</summary>
internal static class RoomScenarios
{
    /// <summary>The last one: all leave, and who is still there is told.</summary>
    public const string Leaving = "leaving";

    private const int CountingCalls = 4;
    private const int NumbersPerCall = 6;
    private const int LongText = 60_000;
    private const int LongestText = 1024 * 1024;
    private const string Group = "some";
    private const string Shrinking = "less";

    private static readonly string[] Texts = ["", "grüße, \"quotes\" and \\ and /", "日本語", "😀 \u2028\u2029", "<script>&amp;'</script>", "a\u0000b\tc\r\nd", "2026-01-02T03:04:05Z"];

    public static (string Name, Func<Room, RoomMember, Task> Run)[] All { get; } =
    [
        ("result", ResultAsync), ("no_result", NoResultAsync), ("error_for_the_caller", ErrorForTheCallerAsync), ("error_inside", ErrorInsideAsync),
        ("identity", IdentityAsync), ("numbers", NumbersAsync), ("objects_and_null", ObjectsAsync), ("enums_bytes_and_dates", EnumsBytesAndDatesAsync),
        ("unicode", UnicodeAsync), ("large_calls", LargeCallsAsync), ("progress", ProgressAsync),
        ("broadcast", BroadcastAsync), ("others", OthersAsync), ("caller", CallerAsync), ("single_connection", SingleConnectionAsync),
        ("user", UserAsync), ("except", ExceptAsync), ("joining_groups", JoiningGroupsAsync), ("group", GroupAsync),
        ("group_except", GroupExceptAsync), ("leaving_a_group", LeavingGroupAsync), ("group_with_less", GroupWithLessAsync),
        ("objects_to_all", ObjectsToAllAsync), ("large_broadcast", LargeBroadcastAsync), ("order", OrderAsync),
    ];

    public static string[] Names { get; } = [.. All.Select(scenario => scenario.Name), Leaving];

    private static async Task ResultAsync(Room room, RoomMember member)
    {
        Assert.Equal(3, (await member.InvokeAsync("Add", 1, 2)).GetInt32());
        // As the other generation would write it.
        Assert.Equal(7, (await member.InvokeAsync("add", 3, 4)).GetInt32());
    }

    private static async Task NoResultAsync(Room room, RoomMember member) => Assert.Equal(JsonValueKind.Null, (await member.InvokeAsync("Nothing")).ValueKind);

    private static async Task ErrorForTheCallerAsync(Room room, RoomMember member)
    {
        var error = await Assert.ThrowsAsync<RoomCallException>(() => member.InvokeAsync("ThrowHub", "no, thänk you"));
        Assert.Contains("no, thänk you", error.Message, StringComparison.Ordinal);
    }

    private static async Task ErrorInsideAsync(Room room, RoomMember member)
    {
        var error = await Assert.ThrowsAsync<RoomCallException>(() => member.InvokeAsync("Throw", "secret"));
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Contains("Throw", error.Message, StringComparison.Ordinal);
    }

    private static async Task IdentityAsync(Room room, RoomMember member)
    {
        var identity = await member.InvokeAsync("WhoAmI");
        Assert.Equal(member.Id, identity.GetProperty("id").GetString());
        Assert.Equal(member.User, identity.GetProperty("user").GetString());
    }

    private static async Task NumbersAsync(Room room, RoomMember member)
    {
        // No JavaScript has all whole numbers beyond this one.
        const long LargestInJavaScript = (1L << 53) - 1;
        long[] wholes = [0, -1, int.MaxValue, int.MinValue, LargestInJavaScript, -LargestInJavaScript, .. member is JavaScriptMember ? Array.Empty<long>() : [long.MaxValue, long.MinValue]];
        foreach (var number in wholes)
        {
            Assert.Equal(number, (await member.InvokeAsync("EchoLong", number)).GetInt64());
        }

        foreach (var number in new[] { 0.1, -1.5, 3, 1e21, double.MaxValue, double.MinValue, double.Epsilon, 1.0 / 3 })
        {
            Assert.Equal(number, (await member.InvokeAsync("EchoDouble", number)).GetDouble());
        }
    }

    private static async Task ObjectsAsync(Room room, RoomMember member)
    {
        var inner = new Dictionary<string, object?> { ["name"] = null, ["weight"] = 0.5, ["fragile"] = false, ["labels"] = Array.Empty<string>(), ["inside"] = null };
        var outer = new Dictionary<string, object?> { ["name"] = "outer", ["weight"] = 12, ["fragile"] = true, ["labels"] = new[] { "ä", "" }, ["inside"] = inner };
        var parcel = (await member.InvokeAsync("EchoParcel", outer)).Deserialize<Parcel>(JsonSerializerOptions.Web)!;
        Assert.Equal(("outer", 12.0, true, "ä,"), (parcel.Name, parcel.Weight, parcel.Fragile, string.Join(',', parcel.Labels)));
        Assert.Equal((null, 0.5, false, 0), (parcel.Inside!.Name, parcel.Inside.Weight, parcel.Inside.Fragile, parcel.Inside.Labels.Length));
        Assert.Null(parcel.Inside.Inside);
        Assert.Equal(JsonValueKind.Null, (await member.InvokeAsync("EchoParcel", [null])).ValueKind);
        Assert.Equal(JsonValueKind.Null, (await member.InvokeAsync("Echo", [null])).ValueKind);
        Assert.Equal("""[1,"two",[3],null,true]""", (await member.InvokeAsync("Echo", [new object?[] { 1, "two", new[] { 3 }, null, true }])).GetRawText());
    }

    private static async Task EnumsBytesAndDatesAsync(Room room, RoomMember member)
    {
        // In MessagePack the applications of ASP.NET Core know enums by their names, everywhere else they are numbers.
        var colour = (await member.InvokeAsync("EchoColour", member.Client == RoomClients.NodeMessagePack ? "Blue" : 2)).ToString();
        Assert.True(colour == "2" || (colour == "Blue" && member.Client == RoomClients.NodeMessagePack), colour);

        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.Equal(bytes, (await member.InvokeAsync("EchoBytes", bytes)).GetBytesFromBase64());
        Assert.Empty((await member.InvokeAsync("EchoBytes", Array.Empty<byte>())).GetBytesFromBase64());

        foreach (var text in new[] { "2026-02-03T04:05:06.789Z", "1969-12-31T23:59:59.999Z", "2000-01-01T00:00:00Z" })
        {
            var date = DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            Assert.Equal(date, (await member.InvokeAsync("EchoDate", date)).GetDateTimeOffset().UtcDateTime);
        }
    }

    private static async Task UnicodeAsync(Room room, RoomMember member)
    {
        foreach (var text in Texts)
        {
            Assert.Equal(text, (await member.InvokeAsync("EchoText", text)).GetString());
        }
    }

    private static async Task LargeCallsAsync(Room room, RoomMember member)
    {
        foreach (var length in new[] { LongText, LongestText })
        {
            var text = new string('x', length - 1) + "ü";
            Assert.True(text == (await member.InvokeAsync("EchoText", text)).GetString(), $"What came back is not the text of {length} characters.");
        }

        await room.SendAsync(member, "large_calls", [member], (kind, text) => member.InvokeAsync("ToCaller", kind, text), new string('z', LongestText));
    }

    private static async Task ProgressAsync(Room room, RoomMember member) =>
        Assert.Equal("25,50,75,100,done 4", string.Join(',', await member.InvokeWithProgressAsync("Progress", 4)));

    private static Task BroadcastAsync(Room room, RoomMember member) =>
        room.SendAsync(member, "broadcast", room.Members, (kind, text) => member.InvokeAsync("ToAll", kind, text));

    private static Task OthersAsync(Room room, RoomMember member) =>
        room.SendAsync(member, "others", room.Members.Where(other => other != member), (kind, text) => member.InvokeAsync("ToOthers", kind, text));

    private static Task CallerAsync(Room room, RoomMember member) =>
        room.SendAsync(member, "caller", [member], (kind, text) => member.InvokeAsync("ToCaller", kind, text));

    private static Task SingleConnectionAsync(Room room, RoomMember member) => Task.WhenAll(room.Members.Select(other =>
        room.SendAsync(member, "single_connection", [other], (kind, text) => member.InvokeAsync("ToClient", other.Id, kind, text), to: other)));

    private static Task UserAsync(Room room, RoomMember member) => Task.WhenAll(room.Members.Select(other =>
        room.SendAsync(member, "user", [other], (kind, text) => member.InvokeAsync("ToUser", other.User, kind, text), to: other)));

    private static Task ExceptAsync(Room room, RoomMember member)
    {
        var leftOut = room.LeftOutBy(member);
        return room.SendAsync(
            member, "except", room.Members.Except(leftOut), (kind, text) => member.InvokeAsync("ToAllExcept", Ids(leftOut), kind, text));
    }

    private static async Task JoiningGroupsAsync(Room room, RoomMember member)
    {
        await member.InvokeAsync("Join", Shrinking);
        if (room.IsInGroup(member))
        {
            await member.InvokeAsync("Join", Group);
        }
    }

    private static Task GroupAsync(Room room, RoomMember member) =>
        room.SendAsync(member, "group", room.Members.Where(room.IsInGroup), (kind, text) => member.InvokeAsync("ToGroup", Group, kind, text));

    private static Task GroupExceptAsync(Room room, RoomMember member)
    {
        var leftOut = room.LeftOutBy(member);
        return room.SendAsync(
            member, "group_except", room.Members.Where(room.IsInGroup).Except(leftOut),
            (kind, text) => member.InvokeAsync("ToGroupExcept", Group, Ids(leftOut), kind, text));
    }

    private static async Task LeavingGroupAsync(Room room, RoomMember member)
    {
        if (room.IsInGroup(member))
        {
            await member.InvokeAsync("Leave", Shrinking);
        }
    }

    private static Task GroupWithLessAsync(Room room, RoomMember member) => room.SendAsync(
        member, "group_with_less", room.Members.Where(other => !room.IsInGroup(other)), (kind, text) => member.InvokeAsync("ToGroup", Shrinking, kind, text));

    private static async Task ObjectsToAllAsync(Room room, RoomMember member)
    {
        var kind = $"objects from {member.Name}";
        var parcel = new Dictionary<string, object?>
        {
            ["name"] = "grüße 😀", ["weight"] = 1.0 / 3, ["fragile"] = true, ["labels"] = new[] { "", "ä" }, ["inside"] = null,
        };
        await member.InvokeAsync("ParcelToAll", kind, parcel);
        foreach (var other in room.Members)
        {
            await other.Messages.CountAsync(kind, 1).Within($"{kind} to {other.Name}", Deadlines.Process);
            var seen = other.Messages.Of(kind).Single().Deserialize<Parcel>(JsonSerializerOptions.Web)!;
            Assert.Equal(("grüße 😀", 1.0 / 3, true, ",ä"), (seen.Name, seen.Weight, seen.Fragile, string.Join(',', seen.Labels)));
            Assert.Null(seen.Inside);
        }
    }

    private static Task LargeBroadcastAsync(Room room, RoomMember member) => room.SendAsync(
        member, "large_broadcast", room.Members, (kind, text) => member.InvokeAsync("ToAll", kind, text), new string('y', LongText));

    private static async Task OrderAsync(Room room, RoomMember member)
    {
        var kind = $"order from {member.Name}";
        // All members at once, so that messages of several are on their way; those of one call are so anyway, and those of the next must not overtake them.
        for (var call = 0; call < CountingCalls; call++)
        {
            await member.InvokeAsync("CountToAll", kind, call * NumbersPerCall, NumbersPerCall);
        }

        const int Count = CountingCalls * NumbersPerCall;
        foreach (var other in room.Members)
        {
            var numbers = await other.Messages.CountAsync(kind, Count);
            Assert.Equal(Enumerable.Range(0, Count), numbers.Select(number => int.Parse(number, CultureInfo.InvariantCulture)));
        }
    }

    private static string[] Ids(IEnumerable<RoomMember> members) => [.. members.Select(member => member.Id)];
}
