using Tandem.Load.Measuring;

namespace Tandem.Load.Reporting;

/// <summary>A ratio of medians, and the lowest and highest ratio of a single round.</summary>
internal sealed record Ratio(double OfMedians, double Lowest, double Highest)
{
    public static Ratio Of(Sample[] upper, Func<Sample, double> above, Sample[] lower, Func<Sample, double> below)
    {
        var rounds = upper.Zip(lower, (one, other) => above(one) / below(other)).ToArray();
        return new Ratio(Median.Of(upper.Select(above)) / Median.Of(lower.Select(below)), rounds.Min(), rounds.Max());
    }
}
