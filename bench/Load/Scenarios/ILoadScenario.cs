using Tandem.Load.Clients;

namespace Tandem.Load.Scenarios;

/// <summary>A pattern of messages, sent in a closed loop: the next message of a slot leaves when the last has wholly arrived.</summary>
internal interface ILoadScenario : IMessageHandler
{
    /// <summary>What a row of the table is called; names the unit.</summary>
    string Row { get; }

    /// <summary>Deliveries that are measured; half as many before them warm up.</summary>
    int Deliveries { get; }

    /// <summary>What has to happen once before messages can be sent.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Starts about as many deliveries as asked for; whole messages only.</summary>
    LoadPhase Begin(int deliveries);
}
