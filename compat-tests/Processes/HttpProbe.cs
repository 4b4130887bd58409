using System.Net;

namespace Tandem.Compat.Processes;

/// <summary>Asks a server whether it is ready.</summary>
internal static class HttpProbe
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Waits until the URL answers 200; a process that ends before is an error at once.</summary>
    public static Task UntilOkAsync(ChildProcess process, string url) => UntilAsync(process, url, _ => true);

    /// <summary>Waits until the URL answers with the status.</summary>
    public static Task UntilStatusAsync(string url, HttpStatusCode wanted)
    {
        var last = HttpStatusCode.OK;
        return Polling.UntilAsync(
            $"{(int)wanted} of {url}",
            async () =>
            {
                using var response = await Client.GetAsync(new Uri(url));
                last = response.StatusCode;
                return last == wanted;
            },
            () => $"The last answer was {(int)last}.",
            Deadlines.Process);
    }

    /// <summary>Waits until the URL answers 200 with what is wanted.</summary>
    public static Task UntilAsync(ChildProcess process, string url, Func<string, bool> condition)
    {
        var last = "none";
        return Polling.UntilAsync($"the wanted answer of {url}", AskAsync, () => $"The last answer was: {last}", Deadlines.Process);

        async Task<bool> AskAsync()
        {
            if (process.HasExited)
            {
                await process.Log.WaitForAsync(_ => false); // throws, with the end of its output
            }

            try
            {
                using var response = await Client.GetAsync(new Uri(url));
                var text = await response.Content.ReadAsStringAsync();
                last = $"{(int)response.StatusCode} {text}";
                return response.StatusCode == HttpStatusCode.OK && condition(text);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                last = exception.Message;
                return false;
            }
        }
    }
}
