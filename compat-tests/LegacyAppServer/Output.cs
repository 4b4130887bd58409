namespace Tandem.LegacyAppServer;

/// <summary>Standard output, line by line, for tests that read along; kept, for those that ask later.</summary>
internal static class Output
{
    private static readonly object Lock = new();
    private static readonly List<string> Lines = [];

    public static void WriteLine(string line)
    {
        lock (Lock)
        {
            Lines.Add(line);
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    public static string[] LinesWith(string text)
    {
        lock (Lock)
        {
            return [.. Lines.Where(line => line.Contains(text))];
        }
    }
}
