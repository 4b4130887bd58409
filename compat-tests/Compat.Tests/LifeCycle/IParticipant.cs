namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>A kind of client, with one client on each transport, that takes part in the scenarios.</summary>
internal interface IParticipant : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Makes the client ready for what is about to happen.</summary>
    Task<IReadOnlyList<StepResult>> PrepareAsync(string scenario, StepDetails details);

    /// <summary>Looks at what became of it.</summary>
    Task<IReadOnlyList<StepResult>> VerifyAsync(string scenario, StepDetails details);
}
