using System.Globalization;
using Tandem.Protocols.Service;

namespace Tandem.Benchmarks;

/// <summary>All benchmarks, as a table.</summary>
internal sealed class BenchmarkRun(TextWriter output)
{
    private const int FewRecipients = 1000;
    private const int ManyRecipients = 5000;
    private const int GroupSize = 10;
    private static readonly int[] PayloadSizes = [64, 2048];

    /// <summary>True when nothing is allocated per recipient.</summary>
    public async Task<bool> RunAsync()
    {
        output.WriteLine("| operation | payload | time | allocated |");
        output.WriteLine("| --- | --- | --- | --- |");
        var nothingAllocated = true;
        foreach (var bytes in PayloadSizes)
        {
            CodecPaths(bytes);
        }

        using var few = await RoutedHub.CreateAsync(FewRecipients, GroupSize);
        using var many = await RoutedHub.CreateAsync(ManyRecipients, GroupSize);
        foreach (var bytes in PayloadSizes)
        {
            var payloads = new ServicePayloads(new ServicePayload(RoutedHub.HubProtocol, new byte[bytes]));
            nothingAllocated &= FanOut("broadcast, each further recipient", bytes, few, many, _ => [new BroadcastDataMessage([], payloads)]);
            FanOut("groups of 10, each further recipient and its tenth of a message", bytes, few, many,
                hub => [.. hub.Groups.Select(group => new GroupBroadcastDataMessage(group, [], payloads, []))]);
        }

        return nothingAllocated;
    }

    private void CodecPaths(int bytes)
    {
        var paths = new CodecPaths(bytes);
        Add("write connection data", bytes, Measurement.Of(paths.WriteConnectionData));
        Add("read connection data", bytes, Measurement.Of(paths.ReadConnectionData));
        Add("read broadcast", bytes, Measurement.Of(paths.ReadBroadcast));
    }

    // A message to many has a cost of its own; the difference between two sizes of audience is what one recipient costs.
    private bool FanOut(string operation, int bytes, RoutedHub few, RoutedHub many, Func<RoutedHub, ServiceMessage[]> messages)
    {
        var small = OfHub(few);
        var large = OfHub(many);
        const int Further = ManyRecipients - FewRecipients;
        var perRecipient = new Measurement(
            (large.Nanoseconds - small.Nanoseconds) / Further, (large.AllocatedBytes - small.AllocatedBytes) / Further);
        Add(operation, bytes, perRecipient);
        return Math.Round(perRecipient.AllocatedBytes) <= 0;

        Measurement OfHub(RoutedHub hub)
        {
            var routed = messages(hub);
            return Measurement.Of(() => hub.Route(routed));
        }
    }

    private void Add(string operation, int bytes, Measurement measured) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {operation} | {bytes} B | {measured.Nanoseconds:N0} ns | {Math.Abs(Math.Round(measured.AllocatedBytes)):N0} B |"));
}
