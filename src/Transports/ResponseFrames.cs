using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Tandem.Routing.Messages;

namespace Tandem.Transports;

/// <summary>Writes frames into an HTTP response.</summary>
public static class ResponseFrames
{
    /// <summary>Writes all frames and flushes once.</summary>
    /// <param name="context">The request.</param>
    /// <param name="frames">The frames.</param>
    /// <param name="before">Written before each of them.</param>
    /// <param name="after">Written after each of them.</param>
    /// <exception cref="IOException">The client is gone; what was written did not arrive.</exception>
    public static async ValueTask WriteAsync(
        HttpContext context, ReadOnlyMemory<Frame> frames, ReadOnlyMemory<byte> before = default, ReadOnlyMemory<byte> after = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var output = context.Response.BodyWriter;
        for (var i = 0; i < frames.Length; i++)
        {
            Copy(before.Span, output);
            Copy(frames.Span[i].Bytes.Span, output);
            Copy(after.Span, output);
        }

        var flushed = await output.FlushAsync(context.RequestAborted);

        // The server swallows writes to a connection that is gone; the sender must not think that they arrived.
        if (flushed.IsCompleted || context.RequestAborted.IsCancellationRequested)
        {
            throw new IOException("The client closed the request.");
        }
    }

    private static void Copy(ReadOnlySpan<byte> bytes, PipeWriter output)
    {
        while (!bytes.IsEmpty)
        {
            var span = output.GetSpan(1);
            var count = Math.Min(span.Length, bytes.Length);
            bytes[..count].CopyTo(span);
            output.Advance(count);
            bytes = bytes[count..];
        }
    }
}
