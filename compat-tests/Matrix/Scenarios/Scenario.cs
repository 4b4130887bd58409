using Tandem.Compat.Matrix.Catalogue;

namespace Tandem.Compat.Matrix.Scenarios;

/// <summary>What every client is put through; an entry of <c>scenarios.json</c>.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Title">For readers of the table.</param>
/// <param name="Steps">What is done; after the happening, if there is one.</param>
/// <param name="Before">What is done before the happening.</param>
/// <param name="Happening">What happens between the two to all clients at once: <c>cut</c>, <c>server-cut</c>, <c>expiry</c>.</param>
/// <param name="Clients">The generation of clients it is for; all if it is null.</param>
/// <param name="Servers">The generation of app servers it is for; all if it is null.</param>
/// <param name="Ways">The only way in that it is for; all if it is null.</param>
/// <param name="Real">Whether it makes sense where there is no gateway.</param>
/// <param name="Limit">When its steps hold, they show that this cannot be done, for this reason.</param>
/// <param name="Variants">What takes the place of steps, of what is before and of the limit, for some clients or servers.</param>
internal sealed record Scenario(
    string Name, string Title, Step[]? Steps = null, Step[]? Before = null, string? Happening = null, Generation? Clients = null, Generation? Servers = null,
    string? Ways = null, bool Real = true, string? Limit = null, Scenario.Variant[]? Variants = null)
{
    /// <summary>The name of the one without which there are no others.</summary>
    public const string Connect = "connect";

    /// <summary>What a client does on a server; null if the scenario is not for them.</summary>
    public Scenario? For(Generation client, Generation server, string way, bool isReal)
    {
        if ((Clients is { } clients && clients != client) || (Servers is { } servers && servers != server) || (isReal && !Real))
        {
            return null;
        }

        if (Variants is null)
        {
            return this;
        }

        return Variants.FirstOrDefault(each => (each.Clients ?? client) == client && (each.Servers ?? server) == server && (each.Ways ?? way) == way) is { } variant
            ? this with { Steps = variant.Steps, Before = variant.Before ?? Before, Limit = variant.Limit }
            : null;
    }

    internal sealed record Variant(
        Step[] Steps, Step[]? Before = null, Generation? Clients = null, Generation? Servers = null, string? Ways = null, string? Limit = null);
}
