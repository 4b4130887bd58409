using System.Text.Json;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Scenarios;

/// <summary>One step of a scenario. See <c>compat-tests/README.md</c> for what each does.</summary>
/// <param name="Do">What is done.</param>
/// <param name="Who">The member that does it: <c>client</c> or <c>other</c>.</param>
/// <param name="Method">Of the hub.</param>
/// <param name="Args">Of the method; texts that begin with a dollar sign stand for something, see <see cref="Running.Values"/>.</param>
/// <param name="Gives">What the call must return.</param>
/// <param name="Contains">What the text must contain that the call returns.</param>
/// <param name="Fails">What the error must contain with which the call must fail.</param>
/// <param name="Hides">What the error must not contain.</param>
/// <param name="Kind">Of messages.</param>
/// <param name="Payload">Of a message that must come.</param>
/// <param name="Payloads">Of all messages of the kind, in their order.</param>
/// <param name="Name">Of a piece of state.</param>
/// <param name="Value">Of a piece of state.</param>
/// <param name="Token">What kind it has where it brings its own.</param>
/// <param name="Reconnect">Whether the client may reconnect by itself.</param>
/// <param name="GivesNothing">Whether the call must return nothing.</param>
internal sealed record Step(
    string Do, string Who = "client", string? Method = null, JsonElement[]? Args = null, JsonElement? Gives = null, string? Contains = null,
    string? Fails = null, string? Hides = null, string? Kind = null, string? Payload = null, string[]? Payloads = null, string? Name = null,
    JsonElement? Value = null, TokenKind Token = TokenKind.Good, bool Reconnect = true, bool GivesNothing = false)
{
    public override string ToString() => Method is null ? $"{Do} of {Who}" : $"{Do} {Method} of {Who}";
}
