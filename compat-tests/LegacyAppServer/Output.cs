namespace Tandem.LegacyAppServer;

/// <summary>Standard output, line by line, for tests that read along.</summary>
internal static class Output
{
    private static readonly object Lock = new();

    public static void WriteLine(string line)
    {
        lock (Lock)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
