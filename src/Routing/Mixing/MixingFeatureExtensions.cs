namespace Tandem.Routing.Mixing;

/// <summary>Names for metrics.</summary>
internal static class MixingFeatureExtensions
{
    /// <summary>Value of the tag <c>feature</c>.</summary>
    public static string ToTag(this MixingFeature feature) => feature switch
    {
        MixingFeature.State => "state",
        MixingFeature.ClientResults => "client_results",
        MixingFeature.ClientStreams => "client_streams",
        MixingFeature.StreamCancellation => "stream_cancellation",
        MixingFeature.Progress => "progress",
        MixingFeature.InvalidCall => "invalid_call",
        _ => "untranslatable",
    };
}
