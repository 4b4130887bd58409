namespace Tandem.Load.Measuring;

/// <summary>What one item (a message, a delivery, a connection) cost each server process. The unit is the row's.</summary>
/// <param name="AppServer">The process with the hub; all there is in self-host.</param>
/// <param name="Gateway">The gateway; zero in self-host.</param>
internal readonly record struct Cost(double AppServer, double Gateway)
{
    public double Total => AppServer + Gateway;
}
