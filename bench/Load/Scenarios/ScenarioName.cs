namespace Tandem.Load.Scenarios;

/// <summary>What can be asked for on the command line.</summary>
internal enum ScenarioName
{
    Connect,
    Idle,
    Echo,
    Broadcast,
    Groups,
}
