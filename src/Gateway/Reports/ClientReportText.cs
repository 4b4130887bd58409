using System.Globalization;
using System.Text;
using Tandem.Routing.Diagnostics;

namespace Tandem.Gateway.Reports;

/// <summary>The report on clients as a table for people.</summary>
internal static class ClientReportText
{
    private static readonly string[] Titles = ["GENERATION", "HUB", "LIBRARY", "VERSION", "PROTOCOL", "TRANSPORT", "NOW", "TOTAL", "USERS", "LAST SEEN (UTC)"];

    /// <summary>Writes the table and, below it, what is left to do of a migration.</summary>
    public static string Create(ClientReport report)
    {
        string[][] rows = [Titles, .. report.Clients.Select(Row)];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                text.Append(IsNumber(column) ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column])).Append("  ");
            }

            Trim(text).Append('\n');
        }

        var old = report.Clients.Where(static usage => usage.Generation == "classic").ToArray();
        var hubs = old.Select(static usage => usage.Hub).Distinct(StringComparer.Ordinal).Count();
        text.Append(CultureInfo.InvariantCulture, $"\nNode {report.Node} since {Time(report.Since)} UTC. ");
        text.Append(old.Length == 0
            ? "No client of ASP.NET SignalR was seen.\n"
            : string.Create(CultureInfo.InvariantCulture, $"Clients of ASP.NET SignalR: {old.Sum(static usage => usage.Connected)} connected now, in {hubs} hubs; the last was seen at {Time(old.Max(static usage => usage.LastSeen))}.\n"));
        return text.ToString();
    }

    private static string[] Row(ClientUsage usage) =>
    [
        usage.Generation,
        usage.Hub,
        usage.Library.Name,
        Or(usage.Library.Version, "?"),
        Or(usage.Library.Protocol, "?"),
        usage.Transport,
        usage.Connected.ToString(CultureInfo.InvariantCulture),
        usage.Connections.ToString(CultureInfo.InvariantCulture),
        usage.Users.ToString(CultureInfo.InvariantCulture) + (usage.HasMoreUsers ? "+" : string.Empty),
        Time(usage.LastSeen),
    ];

    private static bool IsNumber(int column) => column is >= 6 and <= 8;

    private static string Or(string text, string other) => text.Length == 0 ? other : text;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static StringBuilder Trim(StringBuilder text)
    {
        while (text.Length > 0 && text[^1] == ' ')
        {
            text.Length--;
        }

        return text;
    }
}
