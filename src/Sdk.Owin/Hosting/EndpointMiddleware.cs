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

    public Task InvokeAsync(IDictionary<string, object> environment) => Matches(environment) ? AnswerAsync(environment) : _next(environment);

    private bool Matches(IDictionary<string, object> environment)
    {
        if (_path is null)
        {
            return true;
        }

        var path = environment[OwinKeys.RequestPath] as string ?? string.Empty;
        return path.StartsWith(_path, StringComparison.OrdinalIgnoreCase) && (path.Length == _path.Length || path[_path.Length] == '/');
    }

    private async Task AnswerAsync(IDictionary<string, object> environment)
    {
        var answer = await _requests.AnswerAsync(new OwinRequest(environment)).ConfigureAwait(false);
        var body = Encoding.UTF8.GetBytes(answer.Body);
        environment[OwinKeys.ResponseStatusCode] = answer.Status;
        var headers = (IDictionary<string, string[]>)environment[OwinKeys.ResponseHeaders];
        headers["X-Content-Type-Options"] = ["nosniff"];
        headers["Content-Length"] = [body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        if (answer.ContentType is { } contentType)
        {
            headers["Content-Type"] = [contentType];
        }

        using var source = new MemoryStream(body, writable: false);
        await source.CopyToAsync((Stream)environment[OwinKeys.ResponseBody]).ConfigureAwait(false);
    }
}
