namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>A kind of client that takes part, with one application, on every route and transport at once.</summary>
internal interface IClassicParticipant : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Where the application runs; see <see cref="ClassicRuns"/>.</summary>
    string Runtime { get; }

    /// <summary>Connects and joins.</summary>
    Task<IReadOnlyList<ClassicStepResult>> PrepareAsync(string scenario, ClassicStepDetails details);

    /// <summary>Looks what became of it.</summary>
    Task<IReadOnlyList<ClassicStepResult>> VerifyAsync(string scenario, ClassicStepDetails details);
}
