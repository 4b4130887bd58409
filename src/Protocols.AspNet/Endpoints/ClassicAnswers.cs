using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Routing.Connections;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>Answers in the form classic clients know: errors have a body and no content type.</summary>
internal static class ClassicAnswers
{
    /// <summary>Content type of scripts.</summary>
    public const string Script = "application/javascript; charset=UTF-8";

    /// <summary>Refuses a request.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return WriteAsync(context, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Refuses a request because the connection cannot be served, now or at all.</summary>
    public static Task RefuseAsync(HttpContext context, CloseReason reason)
    {
        if (reason.ShouldReconnect() || reason == CloseReason.None)
        {
            context.Response.Headers.RetryAfter = "5";
            return RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, reason.Describe());
        }

        return RefuseAsync(context, StatusCodes.Status400BadRequest, reason.Describe());
    }

    /// <summary>Refuses a request with a reason phrase and nothing else, as ASP.NET SignalR refuses JSONP.</summary>
    public static void RefuseWithPhrase(HttpContext context, int status, string phrase)
    {
        context.Response.StatusCode = status;
        context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = phrase;
    }

    /// <summary>Answers with JSON.</summary>
    public static Task JsonAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = PollStream.ContentType;
        return WriteAsync(context, json);
    }

    /// <summary>Answers with a script.</summary>
    public static Task ScriptAsync(HttpContext context, string script)
    {
        context.Response.ContentType = Script;
        return WriteAsync(context, Encoding.UTF8.GetBytes(script));
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
