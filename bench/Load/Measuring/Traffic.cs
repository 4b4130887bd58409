namespace Tandem.Load.Measuring;

/// <summary>How fast messages went. For comparison inside one run only: the load generator shares the cores with the servers.</summary>
/// <param name="PerSecond">Deliveries per second.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile of latency in milliseconds.</param>
internal sealed record Traffic(double PerSecond, double P50, double P99);
