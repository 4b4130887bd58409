namespace Tandem.Sdk.Owin;

/// <summary>What a request under a mapped path is answered with, whatever the host.</summary>
internal readonly struct EndpointAnswer
{
    public EndpointAnswer(int status, string? contentType, string body, KeyValuePair<string, string>? header = null)
    {
        Status = status;
        ContentType = contentType;
        Body = body;
        Header = header;
    }

    public int Status { get; }

    public string? ContentType { get; }

    public string Body { get; }

    /// <summary>A header besides the content type; null for none.</summary>
    public KeyValuePair<string, string>? Header { get; }

    public EndpointAnswer With(string header, string value) => new(Status, ContentType, Body, new KeyValuePair<string, string>(header, value));

    public static EndpointAnswer Text(int status, string text) => new(status, "text/plain; charset=UTF-8", text);

    public static EndpointAnswer Json(string json) => new(200, "application/json; charset=UTF-8", json);
}
