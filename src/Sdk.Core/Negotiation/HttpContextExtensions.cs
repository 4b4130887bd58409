using Microsoft.AspNetCore.Http;

namespace Tandem.Sdk.Core;

/// <summary>Short answers.</summary>
internal static class HttpContextExtensions
{
    public static Task WriteTextAsync(this HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
