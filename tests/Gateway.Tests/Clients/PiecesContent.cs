using System.Net;

namespace Tandem.Gateway.Tests.Clients;

/// <summary>A request body that is sent in small pieces, and may hang at its end.</summary>
internal sealed class PiecesContent(byte[] bytes, int pieceBytes) : HttpContent
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Does not end until <see cref="Finish"/>, or until the request is given up.</summary>
    public bool ThenHangs { get; init; }

    public void Finish() => _finished.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var i = 0; i < bytes.Length; i += pieceBytes)
        {
            await stream.WriteAsync(bytes.AsMemory(i, Math.Min(pieceBytes, bytes.Length - i)), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }

        if (ThenHangs)
        {
            await _finished.Task.WaitAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
