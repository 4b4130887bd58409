using System.Net;

namespace Tandem.Compat.Processes;

/// <summary>Asks a server whether it is ready.</summary>
internal static class HttpProbe
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Waits until the URL answers 200; a process that ends before is an error at once.</summary>
    public static Task UntilOkAsync(ChildProcess process, string url) => UntilAsync(process, url, _ => true);

    /// <summary>Waits until the URL answers with the status.</summary>
    public static async Task UntilStatusAsync(string url, HttpStatusCode wanted)
    {
        using var deadline = new CancellationTokenSource(Deadlines.Process);
        while (true)
        {
            using var response = await Client.GetAsync(new Uri(url), deadline.Token);
            if (response.StatusCode == wanted)
            {
                return;
            }

            await Task.Delay(Pause, deadline.Token);
        }
    }

    /// <summary>Waits until the URL answers 200 with what is wanted.</summary>
    public static async Task UntilAsync(ChildProcess process, string url, Func<string, bool> condition)
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
                throw new TimeoutException($"{url} did not answer what was wanted within {Deadlines.Process}; the last answer was: {last}");
            }

            try
            {
                using var response = await Client.GetAsync(new Uri(url), deadline.Token);
                var text = await response.Content.ReadAsStringAsync(deadline.Token);
                if (response.StatusCode == HttpStatusCode.OK && condition(text))
                {
                    return;
                }

                last = $"{(int)response.StatusCode} {text}";
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                last = exception.Message;
            }
        }
    }
}
