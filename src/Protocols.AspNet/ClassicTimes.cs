namespace Tandem.Protocols.AspNet;

/// <summary>The times that hold for the clients of one path.</summary>
internal sealed record ClassicTimes(
    TimeSpan? KeepAlive,
    TimeSpan DisconnectTimeout,
    TimeSpan ConnectionTimeout,
    TimeSpan TransportConnectTimeout,
    TimeSpan LongPollDelay)
{
    /// <summary>What clients are told; a stream that was silent for so long is lost.</summary>
    public TimeSpan? KeepAliveTimeout => KeepAlive * 2;

    /// <summary>How long a client may take from losing a message to asking for it: noticing the silence, then reconnecting.</summary>
    public TimeSpan ReplayTime => (KeepAliveTimeout ?? ConnectionTimeout) + DisconnectTimeout;

    /// <summary>The delay as envelopes have it.</summary>
    public int LongPollDelayMilliseconds => (int)LongPollDelay.TotalMilliseconds;

    public static ClassicTimes Of(ClassicProtocolOptions options, ClassicApplicationOptions? application) => new(
        application?.KeepAlive == TimeSpan.Zero ? null : application?.KeepAlive ?? options.KeepAlive,
        application?.DisconnectTimeout ?? options.DisconnectTimeout,
        application?.ConnectionTimeout ?? options.ConnectionTimeout,
        application?.TransportConnectTimeout ?? options.TransportConnectTimeout,
        application?.LongPollDelay ?? options.LongPollDelay);
}
