namespace Tandem.Routing.Tests.Support;

/// <summary>Starts things at the same time as the test.</summary>
internal static class Work
{
    public static Task Run(Action action) => Task.Run(action, TestContext.Current.CancellationToken);

    public static Task<T> Run<T>(Func<T> function) => Task.Run(function, TestContext.Current.CancellationToken);

    public static Task<T> Run<T>(Func<Task<T>> function) => Task.Run(function, TestContext.Current.CancellationToken);

    /// <summary>Starts at the same moment as the others at the barrier.</summary>
    public static void Together(this Barrier start) => Assert.True(start.SignalAndWait(Wait.Limit, TestContext.Current.CancellationToken));

    public static Task Run(Func<Task> function) => Task.Run(function, TestContext.Current.CancellationToken);
}
