using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>Leaves a mark on every connection and every invocation: hub filters run as ever.</summary>
internal sealed class StampFilter : IHubFilter
{
    public const string Key = "stamp";

    public Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        context.Context.Items[Key] = "connected";
        return next(context);
    }

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.HubMethodName == nameof(CompatHub.Stamped))
        {
            invocationContext.Context.Items[Key] += ", invoked";
        }

        return next(invocationContext);
    }
}
