#if NET
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Owin;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.OwinHost;

/// <summary>
/// Serves an OWIN application over HTTP, with WebSockets, and tells it when a client goes away: what an application needs that keeps its clients
/// itself. HttpListener notices a broken connection only when it writes to it.
/// </summary>
public sealed class KestrelServer : IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _server;
    private readonly CancellationTokenSource _disposing = new();
    private readonly AppFunc _app;

    private KestrelServer(string url, Action<IAppBuilder> startup, string mode)
    {
        _app = OwinApplication.Build(startup, mode, _disposing.Token);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IHostLifetime, OwnLifetime>();
        _server = builder.Build();
        _server.Urls.Add(url);
        _server.UseWebSockets();
        _server.Run(ServeAsync);
    }

    /// <summary>Starts listening.</summary>
    /// <param name="url">Such as <c>http://127.0.0.1:8100</c>.</param>
    /// <param name="startup">The application's startup code.</param>
    /// <param name="mode">The host's word for its environment; <c>development</c> shows stack traces.</param>
    public static KestrelServer Start(string url, Action<IAppBuilder> startup, string mode = "production")
    {
        var server = new KestrelServer(url, startup, mode);
        server._server.Start();
        return server;
    }

    /// <summary>Tells the application to leave, waits a little for its requests to end, and stops listening.</summary>
    public void Dispose()
    {
        _disposing.Cancel();
        using var deadline = new CancellationTokenSource(StopTimeout);
        _server.StopAsync(deadline.Token).GetAwaiter().GetResult();
        ((IDisposable)_server).Dispose();
        _disposing.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            var exchange = new KestrelExchange(context);
            await _app(exchange.Environment);
            await exchange.FinishAsync();
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to take the answer.
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(context.Request.Path + ": " + exception);
            if (context.Response.HasStarted)
            {
                context.Abort();
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            }
        }
    }

    /// <summary>Signals end the process, as they do with the other server; the default takes them and waits for somebody who stops it.</summary>
    private sealed class OwnLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
#endif
