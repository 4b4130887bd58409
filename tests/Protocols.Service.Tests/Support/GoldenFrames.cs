namespace Tandem.Protocols.Service.Tests.Support;

/// <summary>
/// One frame of each message as SDK 1.25 writes it, length prefix included, and the message it stands for. The letters:
/// c connection, g group, u user; 5 is the ack id; the payloads are the byte J for json and the byte M for messagepack.
/// </summary>
internal static class GoldenFrames
{
    public static readonly IReadOnlyDictionary<string, GoldenFrame> All = new GoldenFrame[]
    {
        new("Handshake request", new HandshakeRequestMessage(1, ServerConnectionKind.Default), "0796010100a00080"),
        new("Handshake request, on demand", new HandshakeRequestMessage(1, ServerConnectionKind.OnDemand, "t", MigrationLevel.ShutdownOnly), "0896010101a1740180"),
        new("Handshake response", new HandshakeResponseMessage(""), "059402a080c0"),
        new("Handshake response, refused", new HandshakeResponseMessage("e", "c"), "079402a16580a163"),
        new("Ping", PingMessage.KeepAlive, "029103"),
        new("Ping, target", new PingMessage("target", "i1"), "0c9303a6746172676574a26931"),
        new("Open", new OpenConnectionMessage("c", [new("a", "1"), new("a", "2")], [new("h", ["x", "y"])], "?q=1", "json"), "219604a16382a161a131a161a13281a16892a178a179a43f713d318103a46a736f6e"),
        new("Open, least", new OpenConnectionMessage("c", [], [], "", null), "089604a1638080a080"),
        new("Close", new CloseConnectionMessage("c", "e", []), "089505a163a1658080"),
        new("Close, header", new CloseConnectionMessage("c", "", [new("h", ["x"])]), "0c9505a163a081a16891a17880"),
        new("Data", new ConnectionDataMessage("c", "D"u8.ToArray()), "089406a163c4014480"),
        new("Data, extensions", new ConnectionDataMessage("c", "D"u8.ToArray(), ConnectionDataKind.Handshake, isPartial: true) { TracingId = 7 }, "0e9406a163c40144830107050106c3"),
        new("Connections", new MultiConnectionDataMessage(["a", "b"], Both), "20940792a161a16282a46a736f6ec4014aab6d6573736167657061636bc4014d80"),
        new("User", new UserDataMessage("u", Both), "1d9408a17582a46a736f6ec4014aab6d6573736167657061636bc4014d80"),
        new("Users", new MultiUserDataMessage(["u", "v"], Both), "20940992a175a17682a46a736f6ec4014aab6d6573736167657061636bc4014d80"),
        new("Broadcast", new BroadcastDataMessage(["x"], Both), "1e940a91a17882a46a736f6ec4014aab6d6573736167657061636bc4014d80"),
        new("Broadcast, nobody excluded", new BroadcastDataMessage([], Both), "1c940a9082a46a736f6ec4014aab6d6573736167657061636bc4014d80"),
        new("Join", new JoinGroupMessage("c", "g"), "07940ba163a16780"),
        new("Leave", new LeaveGroupMessage("c", "g"), "07940ca163a16780"),
        new("Group", new GroupBroadcastDataMessage("g", ["x"], Both, ["u"], "me"), "26970da16791a17882a46a736f6ec4014aab6d6573736167657061636bc4014d8091a175a26d65"),
        new("Group, least", new GroupBroadcastDataMessage("g", [], Both, []), "20970da1679082a46a736f6ec4014aab6d6573736167657061636bc4014d8090c0"),
        new("Groups", new MultiGroupBroadcastDataMessage(["g", "h"], Both), "20940e92a167a16882a46a736f6ec4014aab6d6573736167657061636bc4014d80"),
        new("Service error", new ServiceErrorMessage("e"), "04920fa165"),
        new("User join", new UserJoinGroupMessage("u", "g"), "079410a175a16780"),
        new("User leave", new UserLeaveGroupMessage("u", "g"), "079411a175a16780"),
        new("User leave, all groups", new UserLeaveGroupMessage("u", null), "069411a175c080"),
        new("Join with ack", new JoinGroupMessage("c", "g", 5), "089512a163a1670580"),
        new("Leave with ack", new LeaveGroupMessage("c", "g", 5), "089513a163a1670580"),
        new("Leave with ack, all groups", new LeaveGroupMessage("c", null, 5), "079513a163c00580"),
        new("Ack", new AckMessage(5, AckStatus.Ok, "m"), "0795140501a16d80"),
        new("Check user in group", new CheckUserInGroupMessage("u", "g", 5), "089515a175a1670580"),
        new("Service event", new ServiceEventMessage(1, "c", 2, "m"), "09961601a16302a16d80"),
        new("Check group", new CheckGroupExistenceMessage("g", 5), "069417a1670580"),
        new("Check connection", new CheckConnectionExistenceMessage("c", 5), "069418a1630580"),
        new("Check user", new CheckUserExistenceMessage("u", 5), "069419a1750580"),
        new("User join with ack, ttl", new UserJoinGroupMessage("u", "g", 10, 5), "0a951aa175a1670581020a"),
        new("User leave with ack", new UserLeaveGroupMessage("u", "g", 5), "08951ba175a1670580"),
        new("Access key request", new AccessKeyRequestMessage("t", "k"), "07941ca174a16b80"),
        new("Access key response", new AccessKeyResponseMessage("k", "s", null, null), "09961da16ba173c0c080"),
        new("Access key response, error", new AccessKeyResponseMessage(null, null, "InvalidOperationException", "m"), "21961dc0c0b9496e76616c69644f7065726174696f6e457863657074696f6ea16d80"),
        new("Close with ack", new CloseConnectionWithAckMessage("c", "r", 5), "08951ea163a1720580"),
        new("Close all with ack", new CloseConnectionsWithAckMessage("r", 5, ["x"]), "09951fa1720591a17880"),
        new("Close user with ack", new CloseUserConnectionsWithAckMessage("u", "r", 5, ["x"]), "0b9620a175a1720591a17880"),
        new("Close group with ack", new CloseGroupConnectionsWithAckMessage("g", "r", 5, ["x"]), "0b9621a167a1720591a17880"),
        new("Client invocation", new ClientInvocationMessage("i", "c", "s", Both), "219622a169a163a17382a46a736f6ec4014aab6d6573736167657061636bc4014d80"),
        new("Client completion", new ClientCompletionMessage("i", "c", "s", "json", "D"u8.ToArray()), "179723a169a163a173a46a736f6ec401448103a46a736f6e"),
        new("Error completion", new ErrorCompletionMessage("i", "c", "s", "e"), "0b9624a169a163a173a16580"),
        new("Service mapping", new ServiceMappingMessage("i", "c", "inst"), "0c9525a169a163a4696e737480"),
        new("Reconnect", new ConnectionReconnectMessage("c"), "059326a16380"),
    }.ToDictionary(frame => frame.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>All frames one after the other, as a server connection could deliver them.</summary>
    public static byte[] Stream => [.. All.Values.SelectMany(frame => frame.Bytes)];

    private static ServicePayloads Both => new(new("json", "J"u8.ToArray()), new("messagepack", "M"u8.ToArray()));
}

internal sealed record GoldenFrame(string Name, ServiceMessage Message, string Hex)
{
    public byte[] Bytes { get; } = Convert.FromHexString(Hex);

    public byte[] Body => Frames.Body(Bytes);
}
