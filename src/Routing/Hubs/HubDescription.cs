using System.Collections.Frozen;

namespace Tandem.Routing.Hubs;

/// <summary>
/// What a hub of ASP.NET Core is to clients that are not its own kind. It is what an app server said, and may be behind what another one has
/// by now: names that are not here may still exist.
/// </summary>
public sealed class HubDescription
{
    private readonly FrozenSet<string> _streams;
    private readonly FrozenSet<string> _uploads;

    /// <summary>Makes a description.</summary>
    /// <param name="name">Declared name of the hub, without that of the application.</param>
    /// <param name="methods">All methods clients may call, with their declared names.</param>
    /// <param name="streamMethods">Those of them that answer with a stream.</param>
    /// <param name="uploadMethods">Those of them that take a stream of the client.</param>
    public HubDescription(string name, IReadOnlyList<string> methods, IReadOnlyList<string> streamMethods, IReadOnlyList<string> uploadMethods)
    {
        Name = name;
        Methods = methods;
        StreamMethods = streamMethods;
        UploadMethods = uploadMethods;
        _streams = streamMethods.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _uploads = uploadMethods.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Declared name of the hub, without that of the application.</summary>
    public string Name { get; }

    /// <summary>All methods clients may call, with their declared names.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>Those of <see cref="Methods"/> that answer with a stream.</summary>
    public IReadOnlyList<string> StreamMethods { get; }

    /// <summary>Those of <see cref="Methods"/> that take a stream of the client.</summary>
    public IReadOnlyList<string> UploadMethods { get; }

    /// <summary>Whether a method answers with a stream.</summary>
    /// <param name="method">Its name in any case.</param>
    public bool IsStream(string method) => _streams.Contains(method);

    /// <summary>Whether a method takes a stream of the client.</summary>
    /// <param name="method">Its name in any case.</param>
    public bool IsUpload(string method) => _uploads.Contains(method);
}
