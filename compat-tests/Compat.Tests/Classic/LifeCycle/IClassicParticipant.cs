using Tandem.Compat.Tests.LifeCycle;

namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>A kind of client that takes part, on every transport at once.</summary>
internal interface IClassicParticipant : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Connects and joins.</summary>
    Task<IReadOnlyList<StepResult>> PrepareAsync(string scenario, ClassicStepDetails details);

    /// <summary>Looks what became of it.</summary>
    Task<IReadOnlyList<StepResult>> VerifyAsync(string scenario, ClassicStepDetails details);
}
