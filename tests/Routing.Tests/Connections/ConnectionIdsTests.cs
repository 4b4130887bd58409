using Tandem.Routing.Connections;
using Tandem.Routing.Tests.Support;

namespace Tandem.Routing.Tests.Connections;

public class ConnectionIdsTests
{
    [Fact]
    public void Ids_are_unique_end_with_the_nodes_tag_and_hold_nothing_that_needs_escaping()
    {
        var ids = new ConnectionIds();
        var drawn = Enumerable.Range(0, 1000).Select(_ => ids.NewConnectionId()).ToArray();

        Assert.Equal(4, ids.NodeTag.Length);
        Assert.Equal(1000, drawn.Distinct().Count());
        Assert.All(drawn, id =>
        {
            Assert.Equal(24, id.Length);
            Assert.EndsWith(ids.NodeTag, id, StringComparison.Ordinal);
            Assert.Matches("^[A-Za-z0-9_-]+$", id);
        });
        Assert.Equal(24, ConnectionIds.NewConnectionToken().Length);
        Assert.NotEqual(ids.NodeTag, new ConnectionIds().NodeTag);
    }

    [Fact]
    public void An_id_in_the_form_of_a_guid_is_drawn_anew_and_ends_with_the_tag_of_its_node()
    {
        var ids = new ConnectionIds();
        var tag = Convert.ToHexStringLower(System.Buffers.Text.Base64Url.DecodeFromChars(ids.NodeTag));

        var drawn = Enumerable.Range(0, 1000).Select(_ => ids.NewGuidConnectionId()).ToHashSet();

        Assert.Equal(1000, drawn.Count);
        Assert.All(drawn, id =>
        {
            Assert.True(Guid.TryParseExact(id, "d", out _));
            Assert.EndsWith(tag, id, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_connection_is_found_by_its_id_as_text_and_as_bytes()
    {
        var table = new ClientConnectionTable();
        var connection = Members.New();
        Assert.True(table.TryAdd(connection));
        Assert.False(table.TryAdd(connection));

        Assert.True(table.TryGet(connection.ConnectionId, out var byText));
        Assert.True(table.TryGet(Text.Bytes(connection.ConnectionId), out var byBytes));
        Assert.Same(connection, byText);
        Assert.Same(connection, byBytes);
        Assert.False(table.TryGet(Text.Bytes("nobody"), out _));
        Assert.False(table.TryGet(Text.Bytes("\u00e4"), out _));
        Assert.False(table.TryGet(new byte[1000], out _));

        table.Remove(connection);
        Assert.Equal(0, table.Count);
    }
}
