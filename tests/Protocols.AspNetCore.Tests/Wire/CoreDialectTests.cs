using System.Text;
using Microsoft.AspNetCore.SignalR.Protocol;
using Tandem.Protocols.AspNetCore.Tests.Support;
using Tandem.Routing;
using Tandem.Routing.Dialects;
using HubMessage = Tandem.Routing.Dialects.HubMessage;

namespace Tandem.Protocols.AspNetCore.Tests.Wire;

/// <summary>What holds for messages of ASP.NET Core in either encoding.</summary>
/// <param name="dialect">Ours.</param>
/// <param name="real">The one of ASP.NET Core.</param>
/// <param name="mutations">How often the samples are read with changed bytes.</param>
public abstract class CoreDialectTests(HubDialect dialect, IHubProtocol real, int mutations)
{
    /// <summary>Messages of all kinds, one behind the other.</summary>
    protected abstract byte[] Samples { get; }

    [Fact]
    public void It_is_one_of_the_Core_family_and_shakes_hands()
    {
        Assert.Equal((real.Name, ProtocolFamily.Core), (dialect.Name, dialect.Family));
        Assert.Equal($"{{\"protocol\":\"{real.Name}\",\"version\":1}}\u001e", dialect.HandshakeRequest.Text());
        Assert.Equal("{}\u001e", dialect.HandshakeResponse.Text());
    }

    [Fact]
    public void A_stream_cut_anywhere_gives_the_same_messages() => dialect.CheckCuts(Samples);

    [Fact]
    public void Changed_bytes_are_messages_or_violations() => dialect.CheckMutations(Samples, mutations);

    [Fact]
    public void Messages_of_each_kind_are_written_as_the_real_protocol_writes_them()
    {
        Check(new InvocationMessage("7", "say", []), new(HubMessageKind.Invocation) { InvocationId = "7", Target = "say" });
        Check(new StreamInvocationMessage("7", "say", [true]), new(HubMessageKind.Invocation) { InvocationId = "7", Target = "say", Arguments = "[true]".Bytes(), IsStream = true });
        Check(new StreamItemMessage("7", 1.5), new(HubMessageKind.StreamItem) { InvocationId = "7", Value = "1.5".Bytes() });
        Check(CompletionMessage.WithResult("7", "x"), new(HubMessageKind.Completion) { InvocationId = "7", Value = "\"x\"".Bytes() });
        Check(CompletionMessage.WithError("7", "<ü😀> \u0000 \"'"), new(HubMessageKind.Completion) { InvocationId = "7", Error = "<ü😀> \u0000 \"'" });
        Check(CompletionMessage.Empty("7"), new(HubMessageKind.Completion) { InvocationId = "7" });
        Check(new CancelInvocationMessage("7"), new(HubMessageKind.CancelInvocation) { InvocationId = "7" });
    }

    [Fact]
    public void What_cannot_be_written_is_an_argument_exception()
    {
        Assert.Throws<ArgumentException>(() => dialect.WriteToClient(new(HubMessageKind.Other)));
        Assert.Throws<ArgumentException>(() => dialect.WriteToClient(new(HubMessageKind.Completion)));
        Assert.Throws<ArgumentException>(() => dialect.WriteToServer(new(HubMessageKind.Invocation) { IsStream = true }));
    }

    /// <summary>Ours is written like the real one, and that is read as one that is written so.</summary>
    protected void Check(Microsoft.AspNetCore.SignalR.Protocol.HubMessage theirs, HubMessage ours)
    {
        var expected = real.GetMessageBytes(theirs).ToArray();
        // As text, which errors can show, and which keeps every byte.
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(dialect.WriteToClient(ours)));
        Assert.Equal(Encoding.Latin1.GetString(expected), Encoding.Latin1.GetString(dialect.WriteToServer(dialect.ReadOne(expected))));
    }
}
