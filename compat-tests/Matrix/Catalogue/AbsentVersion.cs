namespace Tandem.Compat.Matrix.Catalogue;

/// <summary>A version of a library that people may look for, and why it is not under test.</summary>
/// <param name="Version">Of the library.</param>
/// <param name="Reason">For readers of the table; one clause.</param>
internal sealed record AbsentVersion(string Version, string Reason);
