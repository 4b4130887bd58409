using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tandem.Routing.Diagnostics;

namespace Tandem.Transports;

/// <summary>Finds out what a client is made with, from what its requests say.</summary>
public static partial class ClientLibraries
{
    // JavaScript in a browser cannot set the usual header.
    private const string SignalRUserAgent = "X-SignalR-User-Agent";
    private const int MaxLength = 256;

    /// <summary>A client of ASP.NET Core SignalR. Libraries say what they are since 3.1 (JavaScript) and 3.0 (.NET, Java).</summary>
    /// <param name="request">Its negotiate request; browsers say nothing with a WebSocket.</param>
    public static ClientLibrary ReadCore(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var text = Header(request, SignalRUserAgent) is { Length: > 0 } own ? own : Header(request, HeaderNames.UserAgent);
        if (CoreUserAgent().Match(text) is { Success: true } match)
        {
            var name = match.Groups["runtime"].Value.Trim() switch
            {
                "Browser" or "NodeJS" => "@microsoft/signalr",
                ".NET" => "Microsoft.AspNetCore.SignalR.Client",
                "Java" => "com.microsoft.signalr",
                _ => "Microsoft SignalR",
            };
            return new ClientLibrary(name, match.Groups["version"].Value.Trim(), "1");
        }

        return Product(text, "1");
    }

    /// <summary>
    /// A client of ASP.NET SignalR. The .NET client says what it is; JavaScript in a browser does not, and its protocol tells the release at least.
    /// </summary>
    /// <param name="request">Its request.</param>
    /// <param name="protocol">The version of the protocol it asked for, as it wrote it.</param>
    public static ClientLibrary ReadClassic(HttpRequest request, string? protocol)
    {
        ArgumentNullException.ThrowIfNull(request);
        var version = protocol is { Length: <= 8 } && Version.TryParse(protocol, out _) ? protocol : string.Empty;
        var text = Header(request, HeaderNames.UserAgent);
        return text.StartsWith("Mozilla/", StringComparison.Ordinal)
            ? new ClientLibrary("jquery.signalR", version switch { "2.1" => "2.4.1 or later", "2.0" => "2.4.0", "1.5" => "2.2 to 2.3", "1.4" => "2.1", "1.3" => "2.0", _ => string.Empty }, version)
            : Product(text, version);
    }

    private static ClientLibrary Product(string text, string protocol) =>
        ProductToken().Match(text) is { Success: true } match && match.Groups["name"].Value != "Mozilla"
            ? new ClientLibrary(match.Groups["name"].Value, match.Groups["version"].Value, protocol)
            : ClientLibrary.Unknown with { Protocol = protocol };

    private static string Header(HttpRequest request, string name)
    {
        var text = request.Headers[name].ToString();
        return text.Length <= MaxLength ? text : text[..MaxLength];
    }

    [GeneratedRegex(@"^Microsoft SignalR/[0-9.]{1,16} \((?<version>[0-9A-Za-z.+-]{1,40});[^;)]*;(?<runtime>[^;)]*)", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex CoreUserAgent();

    [GeneratedRegex(@"^(?<name>[A-Za-z@][A-Za-z0-9@._-]{0,60})/(?<version>[0-9A-Za-z.+-]{1,40})", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex ProductToken();
}
