using System.Net;
using Owin;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace Tandem.OwinHost;

/// <summary>Serves an OWIN application over HTTP. No WebSockets: an application behind a gateway accepts none.</summary>
public sealed class OwinServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _disposing = new();
    private readonly AppFunc _app;

    private OwinServer(string url, Action<IAppBuilder> startup, string mode)
    {
        _app = OwinApplication.Build(startup, mode, _disposing.Token);
        _listener.Prefixes.Add(url.TrimEnd('/') + "/");
    }

    /// <summary>Starts listening.</summary>
    /// <param name="url">Such as <c>http://127.0.0.1:8100</c>.</param>
    /// <param name="startup">The application's startup code.</param>
    /// <param name="mode">The host's word for its environment; <c>development</c> shows stack traces.</param>
    public static OwinServer Start(string url, Action<IAppBuilder> startup, string mode = "production")
    {
        var server = new OwinServer(url, startup, mode);
        server._listener.Start();
        _ = Task.Run(server.AcceptAsync);
        return server;
    }

    /// <summary>Tells the application to leave, waits until it has, and stops listening.</summary>
    public void Dispose()
    {
        _disposing.Cancel();
        _listener.Close();
        _disposing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed: the only way this ends.
                return;
            }

            _ = Task.Run(() => ServeAsync(context));
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            var exchange = new OwinExchange(context);
            await _app(exchange.Environment);
            exchange.Finish();
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(context.Request.Url?.AbsolutePath + ": " + exception);
            Fail(context);
        }
    }

    private static void Fail(HttpListenerContext context)
    {
        try
        {
            context.Response.StatusCode = 500;
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or InvalidOperationException)
        {
            // The answer had begun, or nobody is there to take it.
            context.Response.Abort();
        }
    }
}
