using System.Runtime.CompilerServices;
using Tandem.Routing.Connections;
using Tandem.Routing.Hubs;

namespace Tandem.Routing.Tests.Support;

/// <summary>
/// Holds a lock of the code under test, so that another thread stops exactly there, while the test does on its own thread what is to happen
/// in between. For races that no fake can stand in the middle of.
/// </summary>
internal static class HeldLock
{
    /// <summary>Starts <paramref name="other"/>, which stops at the lock; runs <paramref name="meanwhile"/>; lets the other go on to its end.</summary>
    public static void Interleave(Lock held, Action other, Action meanwhile)
    {
        var thread = new Thread(() => other()) { IsBackground = true };
        lock (held)
        {
            thread.Start();
            Assert.True(SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), Wait.Limit), "It did not come to the lock.");
            meanwhile();
        }

        Assert.True(thread.Join(Wait.Limit));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    public static extern ref Lock Of(ClientConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    public static extern ref Lock Of(MemberSet members);
}
