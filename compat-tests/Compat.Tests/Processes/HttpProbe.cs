using System.Net;

namespace Tandem.Compat.Tests.Processes;

/// <summary>Asks a server whether it is ready.</summary>
internal static class HttpProbe
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Waits until the URL answers 200; a process that ends before is an error at once.</summary>
    public static async Task UntilOkAsync(ChildProcess process, string url)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Process);
        for (var last = "no answer"; ; await Task.Delay(Pause))
        {
            if (process.HasExited)
            {
                await process.Log.WaitForAsync(_ => false); // throws, with the end of its output
            }

            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"{url} did not answer 200 within {Deadlines.Process}; the last answer was: {last}");
            }

            try
            {
                using var response = await Client.GetAsync(new Uri(url), deadline.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }

                last = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(deadline.Token)}";
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                last = exception.Message;
            }
        }
    }
}
