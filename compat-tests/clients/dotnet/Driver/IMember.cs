using System.Text.Json;

namespace Tandem.Compat.Clients;

/// <summary>
/// A client of one library, and nothing more: what the library cannot do is an <see cref="UnsupportedException"/>, what goes wrong in it
/// comes out as it is. Results are what <see cref="JsonSerializer"/> writes as the plain JSON they were.
/// </summary>
internal interface IMember
{
    /// <returns>The connection id, if the library tells it.</returns>
    Task<string?> StartAsync();

    /// <summary>Completes when the library has closed.</summary>
    Task StopAsync();

    Task<object?> InvokeAsync(string method, object?[] values);

    /// <returns>All that the method reports and, last, its result.</returns>
    Task<List<object?>> ProgressAsync(string method, object?[] values);

    /// <returns>All items of the stream that the method returns.</returns>
    Task<List<object?>> StreamAsync(string method, object?[] values);

    /// <summary>Calls a method with one argument, a stream of these items.</summary>
    Task<object?> UploadAsync(string method, object?[] items);

    /// <summary>Sets something in the state that client and hub share.</summary>
    void Keep(string name, JsonElement value);

    /// <returns>That state.</returns>
    object State();

    /// <summary>Lets go of the client whatever it is doing.</summary>
    Task ForgetAsync();
}
