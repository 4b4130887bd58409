using System.Globalization;
using Tandem.Load.Measuring;

namespace Tandem.Load.Reporting;

/// <summary>The tables of a run, ready for a document.</summary>
internal static class MarkdownReport
{
    public static async Task WriteAsync(TextWriter output, LoadOptions options, Machine machine, IReadOnlyList<Comparison> rows)
    {
        await output.WriteLineAsync(Text($"""
            {machine.Cores} cores ({machine.Processor}), {machine.System}, {machine.Runtime}; load average before the run {machine.LoadBefore}.
            {options.Connections:N0} connections, {options.PayloadBytes} B payload, {options.Protocol}; medians of {options.Rounds} rounds (lowest – highest ratio of a round).

            | per item | self-host | gateway | its app server | gateway ÷ self-host | gateway + app server ÷ self-host |
            | --- | --- | --- | --- | --- | --- |
            """));
        foreach (var row in rows)
        {
            await output.WriteLineAsync(Text(
                $"| {row.Row} | {Figure(row.SelfHost.Total)} | {Figure(row.Gateway.Gateway)} | {Figure(row.Gateway.AppServer)} | {Figure(row.GatewayToSelfHost)} | {Figure(row.SumToSelfHost)} |"));
        }

        await output.WriteLineAsync("""

            | traffic, for comparison inside a row only | self-host | gateway |
            | --- | --- | --- |
            """);
        foreach (var row in rows.Where(row => row.SelfHostTraffic is not null))
        {
            await output.WriteLineAsync($"| {row.Row.Split(',')[0]} | {Figure(row.SelfHostTraffic!)} | {Figure(row.GatewayTraffic!)} |");
        }
    }

    private static string Figure(double value) => value.ToString(Math.Abs(value) < 1000 ? "N1" : "N0", CultureInfo.InvariantCulture);

    private static string Figure(Ratio ratio) => Text($"**{ratio.OfMedians:F2}** ({ratio.Lowest:F2} – {ratio.Highest:F2})");

    private static string Figure(Traffic traffic) =>
        Text($"{traffic.PerSecond:N0} deliveries/s, p50 {traffic.P50:N1} ms, p99 {traffic.P99:N1} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
