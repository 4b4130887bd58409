namespace Tandem.Compat.Tests.Classic.JavaScript;

/// <summary>The runs of the pages: every combination with one of the two releases of jQuery, and those on Mono with both.</summary>
public sealed class ClassicPages : TheoryData<string, string>
{
    // The page of the newer jQuery comes from the application, the other from elsewhere: both ways of the world.
    private const string Newer = "3.7:{0}:{1}:app";
    private const string Older = "1.12:{0}:{1}:elsewhere";

    public ClassicPages()
    {
        foreach (var (runtime, run) in All)
        {
            Add(runtime, run);
        }
    }

    /// <summary>As the driver takes them.</summary>
    public static (string Runtime, string Run)[] All { get; } =
    [
        .. ClassicRuns.All.SelectMany(each => (each.Runtime == ClassicRuns.Mono ? [Newer, Older] : new[] { Newer })
            .Select(format => (each.Runtime, string.Format(null, format, each.Route, each.Transport)))),
    ];
}
