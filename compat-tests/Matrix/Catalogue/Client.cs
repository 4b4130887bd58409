using System.Text.Json;

namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>One version of a client library, in one runtime and with one hub protocol.</summary>
/// <param name="Family">What it has in common with its other versions.</param>
/// <param name="Version">Of the library.</param>
/// <param name="With">What else matters, such as <c>jQuery 3.7.1</c>; may be empty.</param>
/// <param name="Newest">Whether it is the newest of its family.</param>
/// <param name="Library">What its driver loads.</param>
internal sealed record Client(ClientFamily Family, string Version, string With, bool Newest, JsonElement Library)
{
    /// <summary>Unique in the catalogue.</summary>
    public string Name => With.Length == 0 ? $"{Family.Id} {Version}" : $"{Family.Id} {Version} {With}";

    /// <summary>The program that holds its clients: with a project of its own for each version of the library where its driver is built.</summary>
    public string Driver => Library.ValueKind == JsonValueKind.Object && Library.TryGetProperty("project", out var project) ? $"{Family.Driver} {project}" : Family.Driver;

    public override string ToString() => Name;
}
