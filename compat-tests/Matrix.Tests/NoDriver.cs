using System.Text.Json;

namespace Tandem.Matrix.Tests;

/// <summary>In place of a driver where none is asked.</summary>
internal static class NoDriver
{
    public static Task<JsonElement> CallAsync(IReadOnlyDictionary<string, object?> command, string what, TimeSpan deadline) =>
        throw new InvalidOperationException($"Nobody should ask for {what}.");
}
