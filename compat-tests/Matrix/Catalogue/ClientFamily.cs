namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>The versions of a client library in one runtime and with one hub protocol; an entry of <c>clients/*.json</c>.</summary>
/// <param name="Id">Unique.</param>
/// <param name="Title">For readers of the table.</param>
/// <param name="Generation">Of SignalR.</param>
/// <param name="Driver">The program that holds its clients; see <see cref="Running.Drivers"/>.</param>
/// <param name="Protocol"><c>json</c> or <c>messagepack</c>.</param>
/// <param name="Transports">Those it has at all.</param>
/// <param name="Limits">What its clients cannot do, for reasons of their own.</param>
/// <param name="Absent">Versions that are not under test.</param>
internal sealed record ClientFamily(
    string Id, string Title, Generation Generation, string Driver, string Protocol, IReadOnlyList<string> Transports, IReadOnlyList<ClientLimit> Limits,
    IReadOnlyList<AbsentVersion> Absent);
