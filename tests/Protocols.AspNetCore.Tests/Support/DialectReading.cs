using System.Text;
using Tandem.Protocols.Service;
using Tandem.Routing.Dialects;

namespace Tandem.Protocols.AspNetCore.Tests.Support;

/// <summary>Short ways to read messages and to compare them.</summary>
internal static class DialectReading
{
    public static string Text(this ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    public static byte[] Bytes(this string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>What a message says, in a form that equals another by value.</summary>
    public static string Describe(this HubMessage message) =>
        $"{message.Kind} id={message.InvocationId ?? "-"} hub={message.Hub ?? "-"} target={message.Target} arguments={message.Arguments.Text()} value={message.Value.Text()}"
        + $" error={message.Error ?? "-"}{(message.IsHubException ? " hubException" : "")}{(message.IsStream ? " stream" : "")}{(message.HasUploads ? " uploads" : "")}{(message.HasState ? " state" : "")}";

    public static List<HubMessage> ReadAll(this HubDialect dialect, byte[] bytes)
    {
        ReadOnlyMemory<byte> input = bytes;
        var messages = new List<HubMessage>();
        dialect.ReadFromServer(ref input, messages);
        Assert.True(input.IsEmpty);
        return messages;
    }

    public static HubMessage ReadOne(this HubDialect dialect, byte[] bytes) => Assert.Single(dialect.ReadAll(bytes));

    /// <summary>Reads the stream in two pieces, cut at every place.</summary>
    public static void CheckCuts(this HubDialect dialect, byte[] stream)
    {
        var whole = dialect.ReadAll(stream).ConvertAll(Describe);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var messages = new List<HubMessage>();
            ReadOnlyMemory<byte> first = stream.AsMemory(0, cut);
            dialect.ReadFromClient(ref first, messages);
            var rest = first.ToArray();
            Assert.Equal(stream[(cut - rest.Length)..cut], rest);
            ReadOnlyMemory<byte> second = (byte[])[.. rest, .. stream[cut..]];
            dialect.ReadFromClient(ref second, messages);
            Assert.True(second.IsEmpty);
            Assert.Equal(whole, messages.ConvertAll(Describe));
        }
    }

    /// <summary>Changes bytes at random: whatever comes of it is a message, no message, or a violation.</summary>
    public static void CheckMutations(this HubDialect dialect, byte[] stream, int runs)
    {
        for (var seed = 0; seed < runs; seed++)
        {
            var random = new Random(seed);
            var bytes = stream.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? "{}[]\",:\\\u001e"u8.ToArray()[random.Next(9)] : (byte)random.Next(256);
            }

            ReadOnlyMemory<byte> input = bytes.AsMemory(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);
            var messages = new List<HubMessage>();
            try
            {
                dialect.ReadFromServer(ref input, messages);
            }
            catch (ProtocolViolationException)
            {
                // Allowed. What was read before it is written below.
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {seed}: {exception}");
            }

            foreach (var message in messages.Where(message => message.Kind != HubMessageKind.Other))
            {
                Assert.NotEmpty(dialect.WriteToClient(message));
            }
        }
    }
}
