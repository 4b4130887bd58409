using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Gateway.Draining;

/// <summary>How the node ends (section <c>Tandem:Drain</c>).</summary>
public sealed class DrainOptions
{
    /// <summary>Time between turning not ready and disconnecting the clients. Default 0: at once.</summary>
    [Description("Time between the end of readiness and the disconnection of the clients, for load balancers that need to notice.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.Zero;

    /// <summary>How long clients and app servers may take to leave. Default 10 seconds.</summary>
    [Description("How long clients and app servers may take to leave once they were told to.")]
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
