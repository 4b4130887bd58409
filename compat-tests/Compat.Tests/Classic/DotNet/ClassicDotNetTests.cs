namespace Tandem.Compat.Tests.Classic.DotNet;

/// <summary>The classic .NET client on .NET 10. What a jQuery page does, in C#.</summary>
public abstract class ClassicDotNetTests(ClassicStage stage)
{
    private protected async Task<ClassicDotNetStage> StageAsync(string runtime, string route, string transport) =>
        new(await stage.AppAsync(runtime), runtime, stage.Gateway, route, transport);
}
