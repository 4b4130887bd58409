using Microsoft.AspNetCore.Http;
using Tandem.Routing.Connections;

namespace Tandem.Transports;

/// <summary>Answers a request with a status and one sentence a person can act on.</summary>
public static class HttpRefusal
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Answers with a status and a text.</summary>
    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Answers with what a close reason means before a connection exists; 503 comes with <c>Retry-After</c>.</summary>
    public static Task WriteAsync(HttpContext context, CloseReason reason) => WriteAsync(context, reason, reason.Describe());

    /// <summary>Answers with the status of a close reason, and a text that fits better than its own.</summary>
    public static Task WriteAsync(HttpContext context, CloseReason reason, string text)
    {
        ArgumentNullException.ThrowIfNull(context);
        var status = reason switch
        {
            CloseReason.ServerConnectionLost or CloseReason.Shutdown or CloseReason.NoServerAvailable or CloseReason.Overloaded => StatusCodes.Status503ServiceUnavailable,
            CloseReason.MessageTooLarge => StatusCodes.Status413PayloadTooLarge,
            CloseReason.TokenRejected or CloseReason.TokenExpired => StatusCodes.Status401Unauthorized,
            CloseReason.InternalError => StatusCodes.Status500InternalServerError,
            _ => StatusCodes.Status400BadRequest,
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return WriteAsync(context, status, text);
    }
}
