using System.Text;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.Sdk.Owin;

/// <summary>One endpoint as OWIN middleware.</summary>
internal sealed class EndpointMiddleware
{
    private readonly string? _path;
    private readonly EndpointRequests _requests;
    private readonly AppFunc _next;

    /// <param name="path">What requests must begin with; null for all.</param>
    /// <param name="requests">Answers them.</param>
    /// <param name="next">Gets the others.</param>
    public EndpointMiddleware(string? path, EndpointRequests requests, AppFunc next)
    {
        _path = path;
        _requests = requests;
        _next = next;
    }

    public Task InvokeAsync(IDictionary<string, object> environment)
    {
        var path = environment[OwinKeys.RequestPath] as string ?? string.Empty;
        var isMapped = Matches(path);
        var below = isMapped && _path is not null ? path.Substring(_path.Length) : path;
        var request = new OwinRequest(environment);
        if (_requests.Core is { } clients && clients.Find(below, request.QueryString, request.Headers, isMapped) is { } core)
        {
            // A browser asks whether it may ask; what answers that is the application's own.
            var method = environment[OwinKeys.RequestMethod] as string ?? string.Empty;
            return method == "OPTIONS" ? _next(environment) : WriteAsync(environment, clients.Answer(core, request, method));
        }

        return isMapped ? AnswerAsync(environment, request) : _next(environment);
    }

    private bool Matches(string path) =>
        _path is null || (path.StartsWith(_path, StringComparison.OrdinalIgnoreCase) && (path.Length == _path.Length || path[_path.Length] == '/'));

    private async Task AnswerAsync(IDictionary<string, object> environment, OwinRequest request) =>
        await WriteAsync(environment, await _requests.AnswerAsync(request).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task WriteAsync(IDictionary<string, object> environment, EndpointAnswer answer)
    {
        var body = Encoding.UTF8.GetBytes(answer.Body);
        environment[OwinKeys.ResponseStatusCode] = answer.Status;
        var headers = (IDictionary<string, string[]>)environment[OwinKeys.ResponseHeaders];
        headers["X-Content-Type-Options"] = ["nosniff"];
        headers["Content-Length"] = [body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        if (answer.ContentType is { } contentType)
        {
            headers["Content-Type"] = [contentType];
        }

        if (answer.Header is { } header)
        {
            headers[header.Key] = [header.Value];
        }

        using var source = new MemoryStream(body, writable: false);
        await source.CopyToAsync((Stream)environment[OwinKeys.ResponseBody]).ConfigureAwait(false);
    }
}
