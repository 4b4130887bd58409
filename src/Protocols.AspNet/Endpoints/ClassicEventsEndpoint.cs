using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Wire;
using Tandem.Routing.Messages;
using Tandem.Transports;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>The receiving side of a client that reads events.</summary>
internal sealed class ClassicEventsEndpoint(ClassicConnections connections, TimeProvider time)
{
    /// <summary>Serves the stream to its end.</summary>
    public async Task RunAsync(ClassicReceive receive)
    {
        var context = receive.Request.Context;
        var stream = new EventStream(context, receive.Connection, time.GetTimestamp());
        var result = AttachResult.Ended;
        try
        {
            await stream.StartAsync();
            result = await receive.AttachAsync(stream, connections);
            if (result == AttachResult.Attached)
            {
                await stream.End.WaitAsync(context.RequestAborted);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client ended the request; that is how an event stream is closed.
            stream.Finish(StreamEnd.Abandoned);
        }
        finally
        {
            await receive.Connection.DetachAsync(stream);
            stream.LetGo();
        }

        if (result == AttachResult.Gap && receive.Request.Version >= ClassicProtocolVersion.WithErrors)
        {
            await SayAsync(context, ClassicEnvelope.Error(connections.NewCursor(), ClassicReceive.GapText));
        }
    }

    /// <summary>Opens the stream only to say why it is closed.</summary>
    public static async Task EndAsync(HttpContext context, byte[] farewell)
    {
        var transport = new ServerSentEventsClientTransport(context, EventStream.Prelude, default, default);
        try
        {
            await transport.StartAsync();
            await SayAsync(context, farewell);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client did not wait for it.
        }
        finally
        {
            transport.LetGo();
        }
    }

    private static ValueTask SayAsync(HttpContext context, byte[] envelope) =>
        ResponseFrames.WriteAsync(context, new[] { new Frame(envelope) }, EventStream.Before, EventStream.After);
}
