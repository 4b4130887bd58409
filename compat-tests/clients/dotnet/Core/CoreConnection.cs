using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
#if MESSAGEPACK
using Microsoft.Extensions.DependencyInjection;
#endif

namespace Tandem.Compat.Clients;

/// <summary>What a member's settings say, in the words of the library.</summary>
internal static class CoreConnection
{
    // About 30 seconds in all: longer than anything is away on purpose.
    private static readonly TimeSpan[] RetryDelays =
        [TimeSpan.Zero, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), .. Enumerable.Repeat(TimeSpan.FromSeconds(2), 14)];

    public static HubConnection Create(MemberSettings settings)
    {
        var builder = new HubConnectionBuilder().WithUrl(UrlOf(settings), TransportOf(settings), options =>
        {
            options.AccessTokenProvider = settings.Token is null ? null : () => Task.FromResult<string?>(settings.Token);
        });
        if (settings.Protocol == "messagepack")
        {
#if MESSAGEPACK
            builder.AddMessagePackProtocol();
#else
            throw new UnsupportedException("this driver is built without MessagePack");
#endif
        }

        if (settings.Reconnect)
        {
            builder.WithAutomaticReconnect(RetryDelays);
        }

        return builder.Build();
    }

    private static string UrlOf(MemberSettings settings)
    {
        var query = string.Join("&", settings.Query.Select(each => $"{Uri.EscapeDataString(each.Key)}={Uri.EscapeDataString(each.Value)}"));
        return query.Length == 0 ? settings.Url : $"{settings.Url}{(settings.Url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{query}";
    }

    private static HttpTransportType TransportOf(MemberSettings settings) => settings.Transport switch
    {
        "webSockets" => HttpTransportType.WebSockets,
        "serverSentEvents" => HttpTransportType.ServerSentEvents,
        "longPolling" => HttpTransportType.LongPolling,
        _ => throw new UnsupportedException($"the library knows no transport {settings.Transport}"),
    };
}
