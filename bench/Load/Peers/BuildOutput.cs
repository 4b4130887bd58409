namespace Tandem.Load.Peers;

/// <summary>Finds the server programs that were built together with this one.</summary>
internal static class BuildOutput
{
#if RELEASE_BUILD
    private const string Configuration = "Release";
#else
    private const string Configuration = "Debug";
#endif

    public static bool IsRelease => Configuration == "Release";

    public static string AppServer => Assembly("bench", "AppServer");

    public static string Gateway => Assembly("src", "Gateway");

    private static string Assembly(string folder, string project)
    {
        var path = Path.Combine(Root(), folder, project, "bin", Configuration, "net10.0", $"Tandem.{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built.", path);
    }

    private static string Root()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Gateway.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Gateway.sln.");
    }
}
