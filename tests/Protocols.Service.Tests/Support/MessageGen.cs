using System.Text;
using CsCheck;

namespace Tandem.Protocols.Service.Tests.Support;

/// <summary>Random messages of every kind, with the sizes at which the encoding changes.</summary>
internal static class MessageGen
{
    private static readonly int[] TextSizes = [0, 1, 30, 31, 32, 33, 254, 255, 256, 257];
    private static readonly int[] LargeTextSizes = [65534, 65535, 65536, 65537];
    private static readonly int[] BinarySizes = [0, 1, 254, 255, 256, 257];
    private static readonly int[] LargeBinarySizes = [65534, 65535, 65536, 65537, 100_000];

    /// <summary>Texts of exactly this many UTF-8 bytes, from every plane; no lone surrogates, which have no UTF-8.</summary>
    public static Gen<string> TextOf(int bytes) => Gen.Int[0, 0x10FFFF].Array[bytes].Select(seeds => Fill(bytes, seeds));

    private static readonly Gen<string> SmallText = Gen.OneOf(
        Gen.OneOf("", "c", "json", "Grüße", "日本語", "👍🏽", "\0", "a\uFFFDb"),
        Gen.Int[0, 40].SelectMany(TextOf));

    public static readonly Gen<string> Text = Gen.Frequency(
        (20, SmallText),
        (8, Gen.OneOf(TextSizes).SelectMany(TextOf)),
        (1, Gen.OneOf(LargeTextSizes).Select(size => Fill(size, []))));

    public static readonly Gen<ReadOnlyMemory<byte>> Bytes = Gen.Frequency(
        (10, Gen.Byte.Array[0, 40]),
        (8, Gen.OneOf(BinarySizes).SelectMany(size => Gen.Byte.Array[size])),
        (2, Gen.OneOf(LargeBinarySizes).SelectMany(size => Gen.Byte.Select(seed => Enumerable.Range(seed, size).Select(value => (byte)value).ToArray()))))
        .Select(bytes => new ReadOnlyMemory<byte>(bytes));

    private static readonly Gen<int> Number = Gen.OneOf(
        Gen.OneOf(0, 1, -1, 31, -32, -33, 127, 128, -128, -129, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue), Gen.Int);

    private static readonly Gen<string?> MaybeText = Gen.OneOf(Gen.Const((string?)null), Text.Select(text => (string?)text));

    private static readonly Gen<int?> MaybeNumber = Gen.OneOf(Gen.Const((int?)null), Number.Select(number => (int?)number));

    private static readonly Gen<ulong?> MaybeTracingId = Gen.OneOf(
        Gen.Const((ulong?)null), Gen.OneOf<ulong?>(0, 127, 128, uint.MaxValue, ulong.MaxValue), Gen.ULong.Select(id => (ulong?)id));

    private static readonly Gen<string[]> Texts = Gen.OneOf(SmallText.Array[0, 5], Gen.OneOf(15, 16, 17).SelectMany(count => SmallText.Array[count]), Text.Array[1, 2]);

    private static readonly Gen<ServicePayloads> Payloads = Gen.Select(
        Gen.OneOf(Gen.OneOf("json", "messagepack", "blazorpack", "JSON"), SmallText), Bytes, (protocol, bytes) => new ServicePayload(protocol, bytes))
        .Array[0, 3].Select(items => new ServicePayloads(items));

    private static readonly Gen<KeyValuePair<string, string>[]> Pairs =
        Gen.Select(SmallText, SmallText, (key, value) => new KeyValuePair<string, string>(key, value)).Array[0, 20];

    private static readonly Gen<KeyValuePair<string, string[]>[]> Headers =
        Gen.Select(SmallText, SmallText.Array[0, 3], (key, values) => new KeyValuePair<string, string[]>(key, values)).Array[0, 17];

    /// <summary>Messages that the writer gives their tracing id.</summary>
    private static readonly Gen<ServiceMessage> Traced = Gen.OneOf(
        Of(Text, Pairs, Headers, Text, MaybeText, (a, b, c, d, e) => new OpenConnectionMessage(a, b, c, d, e)),
        Of(Text, Text, Headers, (a, b, c) => new CloseConnectionMessage(a, b, c)),
        Of(Text, Bytes, Gen.Enum<ConnectionDataKind>(), Gen.Bool, (a, b, c, d) => new ConnectionDataMessage(a, b, c, d)),
        Of(Text, Bytes, (a, b) => new ConnectionDataMessage(a, b)),
        Of(Texts, Payloads, (a, b) => new MultiConnectionDataMessage(a, b)),
        Of(Text, Payloads, (a, b) => new UserDataMessage(a, b)),
        Of(Texts, Payloads, (a, b) => new MultiUserDataMessage(a, b)),
        Of(Texts, Payloads, (a, b) => new BroadcastDataMessage(a, b)),
        Of(Text, Text, MaybeNumber, (a, b, c) => new JoinGroupMessage(a, b, c)),
        Of(Text, MaybeText, MaybeNumber, (a, b, c) => new LeaveGroupMessage(a, b, c)),
        Of(Text, Texts, Payloads, Texts, MaybeText, (a, b, c, d, e) => new GroupBroadcastDataMessage(a, b, c, d, e)),
        Of(Texts, Payloads, (a, b) => new MultiGroupBroadcastDataMessage(a, b)),
        Of(Text, Text, MaybeNumber, MaybeNumber, (a, b, c, d) => new UserJoinGroupMessage(a, b, c, d)),
        Of(Text, MaybeText, MaybeNumber, (a, b, c) => new UserLeaveGroupMessage(a, b, c)),
        Of(Text, Text, Number, (a, b, c) => new CheckUserInGroupMessage(a, b, c)),
        Of(Text, Number, (a, b) => new CheckGroupExistenceMessage(a, b)),
        Of(Text, Number, (a, b) => new CheckConnectionExistenceMessage(a, b)),
        Of(Text, Number, (a, b) => new CheckUserExistenceMessage(a, b)),
        Of(Text, MaybeText, Number, (a, b, c) => new CloseConnectionWithAckMessage(a, b, c)),
        Of(MaybeText, Number, Texts, (a, b, c) => new CloseConnectionsWithAckMessage(a, b, c)),
        Of(Text, MaybeText, Number, Texts, (a, b, c, d) => new CloseUserConnectionsWithAckMessage(a, b, c, d)),
        Of(Text, MaybeText, Number, Texts, (a, b, c, d) => new CloseGroupConnectionsWithAckMessage(a, b, c, d)),
        Of(Text, Text, Text, Payloads, (a, b, c, d) => new ClientInvocationMessage(a, b, c, d)),
        Of(Text, Text, Text, Text, Bytes, (a, b, c, d, e) => new ClientCompletionMessage(a, b, c, d, e)),
        Of(Text, Text, Text, Text, (a, b, c, d) => new ErrorCompletionMessage(a, b, c, d)));

    /// <summary>Messages that SDKs expect no tracing id on.</summary>
    private static readonly Gen<ServiceMessage> Untraced = Gen.OneOf(
        Of(Number, Gen.Enum<ServerConnectionKind>(), Text, Gen.Enum<MigrationLevel>(), Gen.Bool, (a, b, c, d, e) => new HandshakeRequestMessage(a, b, c, d, e)),
        Of(Text, MaybeText, (a, b) => new HandshakeResponseMessage(a, b)),
        Pairs.Select(pairs => (ServiceMessage)new PingMessage(pairs)),
        Text.Select(text => (ServiceMessage)new ServiceErrorMessage(text)),
        Of(Number, Number, MaybeText, Bytes, (a, b, c, d) => new AckMessage(a, (AckStatus)b, c, d)),
        Of(Number, Text, Number, MaybeText, (a, b, c, d) => new ServiceEventMessage(a, b, c, d)),
        Of(MaybeText, MaybeText, (a, b) => new AccessKeyRequestMessage(a, b)),
        Of(MaybeText, MaybeText, MaybeText, MaybeText, (a, b, c, d) => new AccessKeyResponseMessage(a, b, c, d)),
        Of(Text, Text, Text, (a, b, c) => new ServiceMappingMessage(a, b, c)),
        Text.Select(text => (ServiceMessage)new ConnectionReconnectMessage(text)));

    /// <summary>Any message that can be written.</summary>
    public static readonly Gen<ServiceMessage> Any = Gen.Frequency(
        (3, Gen.Select(Traced, MaybeTracingId, WithTracingId)), (1, Untraced));

    private static ServiceMessage WithTracingId(ServiceMessage message, ulong? tracingId)
    {
        message.TracingId = tracingId;
        return message;
    }

    private static Gen<ServiceMessage> Of<TA, TB>(Gen<TA> a, Gen<TB> b, Func<TA, TB, ServiceMessage> make) => Gen.Select(a, b, make);

    private static Gen<ServiceMessage> Of<TA, TB, TC>(Gen<TA> a, Gen<TB> b, Gen<TC> c, Func<TA, TB, TC, ServiceMessage> make) => Gen.Select(a, b, c, make);

    private static Gen<ServiceMessage> Of<TA, TB, TC, TD>(Gen<TA> a, Gen<TB> b, Gen<TC> c, Gen<TD> d, Func<TA, TB, TC, TD, ServiceMessage> make) =>
        Gen.Select(a, b, c, d, make);

    private static Gen<ServiceMessage> Of<TA, TB, TC, TD, TE>(
        Gen<TA> a, Gen<TB> b, Gen<TC> c, Gen<TD> d, Gen<TE> e, Func<TA, TB, TC, TD, TE, ServiceMessage> make) => Gen.Select(a, b, c, d, e, make);

    /// <summary>Takes a character of each seed while there is room, then letters.</summary>
    private static string Fill(int bytes, int[] seeds)
    {
        var text = new StringBuilder();
        foreach (var seed in seeds)
        {
            var rune = Rune.IsValid(seed) ? new Rune(seed) : new Rune('x');
            if (rune.Utf8SequenceLength <= bytes)
            {
                text.Append(rune);
                bytes -= rune.Utf8SequenceLength;
            }
        }

        return text.Append('z', bytes).ToString();
    }
}
