using Microsoft.Extensions.DependencyInjection;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>Applications of both generations, each with detailed errors and without, and clients of the other generation.</summary>
public sealed class DetailedErrorsStage : IAsyncLifetime
{
    private readonly GatewayProcess _gateway = new();
    private LegacyAppProcess? _owin;
    private AppServerProcess? _core;
    private AppServerProcess? _detailedCore;

    public async ValueTask InitializeAsync()
    {
        await _gateway.StartAsync();
        _owin = new LegacyAppProcess("owin-errors", onMono: false, _gateway.ConnectionString);
        _core = AppServerProcess.OfScenarios(_gateway, "--application", "core-errors");
        _detailedCore = AppServerProcess.OfScenarios(_gateway, "--application", "core-details", "--detailed", "true");
        await Task.WhenAll(_owin.StartAsync(), _core.StartAsync(), _detailedCore.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await (_owin?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_core?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_detailedCore?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    /// <summary>A classic client of the application of ASP.NET Core.</summary>
    internal async Task<ClassicDotNetMember> ConnectClassicAsync(bool isDetailed)
    {
        var member = new ClassicDotNetMember(Combinations.WebSockets, "");
        await member.StartAsync(RoomAddress.OfCore((isDetailed ? _detailedCore : _core)!.Url, member.Client, null));
        return member;
    }

    /// <summary>A Core client of the application of ASP.NET SignalR, which has the same hubs at two paths.</summary>
    internal async Task<DotNetMember> ConnectCoreAsync(string protocol, bool isDetailed)
    {
        var member = new DotNetMember(Combinations.WebSockets, "", protocol == Combinations.MessagePack ? static builder => builder.AddMessagePackProtocol() : null);
        await member.StartAsync(isDetailed ? new RoomAddress($"{_owin!.Url}/detailed/room") : RoomAddress.OfOwin(_owin!.Url, member.Client, null));
        return member;
    }
}
