namespace Tandem.Protocols.Service;

/// <summary>Says that the gateway is about to end the server connection: read on, but send nothing more.</summary>
/// <remarks>Type 15; gateway → app server.</remarks>
public sealed class ServiceErrorMessage : ServiceMessage
{
    /// <summary>Makes the message from its fields; see the properties.</summary>
    public ServiceErrorMessage(string errorMessage)
    {
        ErrorMessage = errorMessage;
    }

    /// <summary>Why.</summary>
    public string ErrorMessage { get; }
}
