namespace Tandem.Gateway.Draining;

/// <summary>Whether the node is on its way out.</summary>
internal sealed class DrainState
{
    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    public void Begin() => _isDraining = true;
}
