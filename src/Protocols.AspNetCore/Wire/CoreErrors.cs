namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>
/// Tells errors an application made for its clients from others. Nothing on the wire says it but the words of the hub dispatcher of ASP.NET
/// Core: a sentence of its own, the name of the exception's type, the exception's message.
/// </summary>
/// <remarks>
/// Types that derive from <c>HubException</c> go by their own names, as any exception does when the app server sends detailed errors; so they
/// count as others.
/// </remarks>
internal static class CoreErrors
{
    private const string Invoking = "An unexpected error occurred invoking '";
    private const string Invoked = "' on the server. HubException: ";
    private const string Streaming = "An error occurred on the server while streaming results. HubException: ";

    /// <summary>Takes the exception's own message out of the text. False when it is none of a <c>HubException</c>.</summary>
    public static bool IsHubException(string error, out string message)
    {
        message = error;
        if (error.StartsWith(Streaming, StringComparison.Ordinal))
        {
            message = error[Streaming.Length..];
            return true;
        }

        if (!error.StartsWith(Invoking, StringComparison.Ordinal))
        {
            return false;
        }

        var end = error.IndexOf(Invoked, Invoking.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            return false;
        }

        message = error[(end + Invoked.Length)..];
        return true;
    }
}
