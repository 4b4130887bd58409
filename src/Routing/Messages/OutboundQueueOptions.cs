using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Routing.Messages;

/// <summary>How much may wait for one client (section <c>Tandem:Outbound</c>).</summary>
public sealed class OutboundQueueOptions
{
    /// <summary>
    /// Bytes that may wait for a client before the next message makes it a slow consumer. The oldest message, which may be larger
    /// than all that, is not counted. Default 1 MiB.
    /// </summary>
    [Description("Bytes that may wait for one client, its oldest message not counted; a client with more is disconnected as a slow consumer.")]
    [Range(1024, 1 << 30)]
    public int MaxQueuedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Messages that may wait for a client before the next one makes it a slow consumer. Default 65,536.</summary>
    [Description("Messages that may wait for one client; a client with more is disconnected as a slow consumer.")]
    [Range(16, 1_000_000)]
    public int MaxQueuedFrames { get; set; } = 65_536;

    /// <summary>
    /// Bytes handed to the transport at once, more only if a single message is larger. Default 16 KiB: a TLS record, and enough
    /// small messages that the system call no longer counts.
    /// </summary>
    [Description("Bytes of waiting messages that are sent with one write.")]
    [Range(512, 1 << 20)]
    public int MaxBatchBytes { get; set; } = 16 * 1024;
}
