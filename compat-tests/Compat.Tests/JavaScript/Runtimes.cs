namespace Tandem.Compat.Tests.JavaScript;

/// <summary>Where JavaScript runs.</summary>
internal static class Runtimes
{
    public const string Node = "node";
    public const string Browser = "browser";
}
