using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>The form in the body of a POST, whatever its content type: the .NET client sends none.</summary>
internal static class ClassicForm
{
    // The client's own two or three, and some of the user's.
    private const int MaxFields = 64;

    /// <summary>Reads it. Empty when there is no body.</summary>
    /// <exception cref="InvalidDataException">It has too many fields or is too large.</exception>
    /// <exception cref="BadHttpRequestException">The body could not be read, or is too large.</exception>
    public static async ValueTask<Dictionary<string, StringValues>> ReadAsync(HttpContext context, int maxBytes)
    {
        var request = context.Request;
        if (request.ContentLength == 0 || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return [];
        }

        if (request.ContentLength > maxBytes)
        {
            throw new BadHttpRequestException("The request body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            // A chunked body does not say its length, and the limit of the reader is one of each field.
            limit.MaxRequestBodySize = maxBytes;
        }

        var reader = new FormPipeReader(request.BodyReader, Encoding.UTF8)
        {
            KeyLengthLimit = 256,
            ValueCountLimit = MaxFields,
            ValueLengthLimit = maxBytes,
        };
        return await reader.ReadFormAsync(context.RequestAborted);
    }

    /// <summary>A field of the form, or of the query when the form has none; null when neither has.</summary>
    public static string? Value(Dictionary<string, StringValues> form, HttpRequest request, string name, bool alsoInQuery = true) =>
        form.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : alsoInQuery ? ClassicRequest.Query(request, name) : null;
}
