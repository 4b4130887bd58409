using System.Net;

namespace Tandem.Compat.Tests.Negotiation;

/// <summary>Counts the polls of a client that were answered although there was nothing to say.</summary>
internal sealed class EmptyPolls
{
    private readonly TaskCompletionSource _several = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <summary>Completes after more of them than a client's start brings.</summary>
    public Task Several => _several.Task;

    public HttpMessageHandler Watch(HttpMessageHandler inner) => new Handler(this) { InnerHandler = inner };

    private sealed class Handler(EmptyPolls polls) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Get && response is { StatusCode: HttpStatusCode.OK, Content.Headers.ContentLength: 0 }
                && Interlocked.Increment(ref polls._count) == 4)
            {
                polls._several.TrySetResult();
            }

            return response;
        }
    }
}
