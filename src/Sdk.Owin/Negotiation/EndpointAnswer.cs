namespace Tandem.Sdk.Owin;

/// <summary>What a request under a mapped path is answered with, whatever the host.</summary>
internal readonly struct EndpointAnswer
{
    public EndpointAnswer(int status, string? contentType, string body)
    {
        Status = status;
        ContentType = contentType;
        Body = body;
    }

    public int Status { get; }

    public string? ContentType { get; }

    public string Body { get; }

    public static EndpointAnswer Text(int status, string text) => new(status, "text/plain; charset=UTF-8", text);

    public static EndpointAnswer Json(string json) => new(200, "application/json; charset=UTF-8", json);
}
