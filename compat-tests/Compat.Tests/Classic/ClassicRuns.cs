namespace Tandem.Compat.Tests.Classic;

/// <summary>The combinations that the classic scenarios run in: all of them with the application on Mono, some with the one on .NET.</summary>
public sealed class ClassicRuns : TheoryData<string, string, string>
{
    public const string Mono = "mono";
    public const string Net = "net";

    public ClassicRuns()
    {
        foreach (var (runtime, route, transport) in All)
        {
            Add(runtime, route, transport);
        }
    }

    public static (string Runtime, string Route, string Transport)[] All { get; } =
    [
        .. ClassicRoutes.All.SelectMany(route => Combinations.Transports.Select(transport => (Mono, route, transport))),
        (Net, ClassicRoutes.Redirect, Combinations.WebSockets), (Net, ClassicRoutes.Direct, Combinations.ServerSentEvents),
        (Net, ClassicRoutes.Redirect, Combinations.LongPolling),
    ];
}
