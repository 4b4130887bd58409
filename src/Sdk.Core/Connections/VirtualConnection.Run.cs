using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

// The hub's work for the client, from its first step to the farewell.
internal sealed partial class VirtualConnection
{
    private async Task RunAsync(ConnectionDelegate application)
    {
        new ServerConnectionScope(Server).Enter();
        SetCulture();
        try
        {
            if (await HubAuthorization.IsAllowedAsync(_open.Claims, () => HttpContext!, _hub.Endpoint).ConfigureAwait(false))
            {
                await application(this).ConfigureAwait(false);
            }
            else
            {
                Log.NotAuthorized(_logger, ConnectionId, _hub.Name);
                lock (_lock)
                {
                    _closeError ??= "You are not allowed to use this hub.";
                }
            }
        }
        catch (Exception exception)
        {
            Log.HubFailed(_logger, exception, ConnectionId, _hub.Name);
            lock (_lock)
            {
                _closeError ??= exception.Message;
            }
        }

        try
        {
            await FinishAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Only disposing the application's own scoped services can get here.
            Log.HubFailed(_logger, exception, ConnectionId, _hub.Name);
        }
    }

    private async Task FinishAsync()
    {
        EndInput(null);
        await _input.Reader.CompleteAsync().ConfigureAwait(false);
        _output.Complete();
        _hub.Remove(this);
        bool tell;
        lock (_lock)
        {
            tell = !_endedByGateway;
        }

        if (tell)
        {
            await Server.WriteAsync(new CloseConnectionMessage(ConnectionId, _closeError, [])).ConfigureAwait(false);
        }

        CancelClosed();
        if (_httpContext?.Features.Get<IServiceProvidersFeature>() is IAsyncDisposable services)
        {
            await services.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The client asked for these at negotiate, where request localization chose them.</summary>
    private void SetCulture()
    {
        if (VirtualHttpContext.FindParameter(_open.QueryString, ServicePaths.CultureQuery) is { } culture)
        {
            CultureInfo.CurrentCulture = FindCulture(culture) ?? CultureInfo.CurrentCulture;
        }

        if (VirtualHttpContext.FindParameter(_open.QueryString, ServicePaths.UICultureQuery) is { } uiCulture)
        {
            CultureInfo.CurrentUICulture = FindCulture(uiCulture) ?? CultureInfo.CurrentUICulture;
        }
    }

    private CultureInfo? FindCulture(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            Log.UnknownCulture(_logger, name, ConnectionId);
            return null;
        }
    }
}
