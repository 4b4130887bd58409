using Tandem.Routing.Connections;
using Tandem.Routing.Mixing;

namespace Tandem.Routing.Servers;

/// <summary>
/// The bond of a client connection with the server connection that serves it. Made once for the client's life; only a migration asked
/// for by the app server replaces it.
/// </summary>
/// <remarks>
/// The state is changed only inside the server connection's write lock (<see cref="IServerConnection.BeginPairing"/>,
/// <see cref="IServerConnection.EndPairing"/>), in the same step as the open or close message is written: so client data is written
/// between the two or not at all.
/// </remarks>
public sealed class Pairing
{
    private volatile PairingState _state;

    internal Pairing(ClientConnection client, IServerConnection server, PairingTranslator? translator = null)
    {
        Client = client;
        Server = server;
        Translator = translator;
    }

    /// <summary>The client.</summary>
    public ClientConnection Client { get; }

    /// <summary>The server connection.</summary>
    public IServerConnection Server { get; }

    /// <summary>Whether client data may be written to the server connection. Read it inside the server connection's write lock.</summary>
    public bool IsActive => _state == PairingState.Active;

    /// <summary>Translates between the two; null when they are of one family, as they are nearly always.</summary>
    internal PairingTranslator? Translator { get; }

    /// <summary>Whether the first data from the app server, the handshake response, has been seen.</summary>
    internal bool IsOpened { get; set; }

    internal PairingState State => _state;

    /// <summary>Completes when the client has been paired anew after a move, or has ended.</summary>
    internal TaskCompletionSource Moved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a new pairing active. To be called inside the server connection's write lock, by the server connection.</summary>
    public void Begin() => _state = PairingState.Active;

    /// <summary>Ends the pairing. To be called inside the server connection's write lock, by the server connection.</summary>
    public void End(bool clientMoves) => _state = clientMoves ? PairingState.Moving : PairingState.Ended;
}
