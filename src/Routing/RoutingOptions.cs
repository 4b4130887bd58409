using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Routing;

/// <summary>How much this node takes on (section <c>Tandem:Limits</c>), and how clients are paired.</summary>
public sealed class RoutingOptions
{
    /// <summary>Client connections of the node; further ones are refused with 503. Default 100,000.</summary>
    [Description("Client connections of this node; further ones are refused with 503.")]
    [Range(1, 10_000_000)]
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Groups one connection may be in; a further join is acknowledged with an error. Default 10,000.</summary>
    [Description("Groups one connection may be in; a further join is answered with an error.")]
    [Range(1, 1_000_000)]
    public int MaxGroupsPerConnection { get; set; } = 10_000;

    /// <summary>Groups remembered for one user; the oldest goes when there are more. Default 100, as in Azure's service.</summary>
    [Description("Groups remembered for one user; the oldest is forgotten when there are more.")]
    [Range(1, 100_000)]
    public int MaxGroupsPerUser { get; set; } = 100;

    /// <summary>Groups of users remembered in one hub; a further one is acknowledged with an error. Default 1,000,000.</summary>
    [Description("Groups of users remembered in one hub; a further one is answered with an error.")]
    [Range(1, 100_000_000)]
    public int MaxUserGroups { get; set; } = 1_000_000;

    /// <summary>Hubs of the node; connections for a further one are refused. Default 10,000.</summary>
    [Description("Hubs of this node; connections for a further one are refused.")]
    [Range(1, 1_000_000)]
    public int MaxHubs { get; set; } = 10_000;

    /// <summary>Client results that app servers wait for at the same time; a further one is answered with an error. Default 100,000.</summary>
    [Description("Client results app servers may wait for at the same time; a further one is answered with an error.")]
    [Range(1, 10_000_000)]
    public int MaxPendingInvocations { get; set; } = 100_000;

    /// <summary>How long an app server waits for a client result before it is told that none will come. Default 10 minutes.</summary>
    [Description("How long a client result is waited for.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan InvocationTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a client waits for an app server of its hub before it is refused. Default 5 seconds.</summary>
    [Description("How long a client that arrives before its app server waits before it is refused with 503.")]
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan WaitForServer { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Clients on each server connection of a hub from which on an app server is asked to open one more (the <c>target</c> ping).
    /// Default 10,000; null never asks.
    /// </summary>
    [Description("Clients on every server connection of a hub from which on an app server is asked to open one more; empty never asks.")]
    [Range(1, 10_000_000)]
    public int? ClientsPerServerConnection { get; set; } = 10_000;
}
