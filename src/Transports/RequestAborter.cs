using Microsoft.AspNetCore.Http;

namespace Tandem.Transports;

/// <summary>
/// Aborts a request from any thread, unless its endpoint is done with it: the server uses the context for another request then, which
/// may be another client's where a proxy shares its connections.
/// </summary>
/// <param name="context">The request.</param>
public sealed class RequestAborter(HttpContext context)
{
    private const int Live = 0;
    private const int Aborting = 1;
    private const int Gone = 2;

    private int _state;

    /// <summary>Aborts the request; only the first call does.</summary>
    public void Abort()
    {
        if (Interlocked.CompareExchange(ref _state, Aborting, Live) == Live)
        {
            try
            {
                context.Abort();
            }
            finally
            {
                Volatile.Write(ref _state, Gone);
            }
        }
    }

    /// <summary>The endpoint is about to return. Waits for an abort that is under way; it takes microseconds.</summary>
    public void LetGo()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _state, Gone, Live) == Aborting)
        {
            spin.SpinOnce();
        }
    }
}
