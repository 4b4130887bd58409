using System.Reflection;
using System.Runtime.CompilerServices;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Protocols.AspNet.Endpoints;

namespace Tandem.Protocols.AspNet.Tests.Endpoints;

public sealed class ClassicSendEndpointTests
{
    [Fact]
    public void What_waits_for_a_result_does_not_hold_the_message()
    {
        // What an asynchronous method keeps while it waits is in the fields of its state machine.
        var machines = typeof(ClassicSendEndpoint).GetNestedTypes(BindingFlags.NonPublic)
            .Where(type => typeof(IAsyncStateMachine).IsAssignableFrom(type))
            .Select(type => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => field.FieldType).ToArray())
            .ToArray();

        var waiting = Assert.Single(machines, fields => fields.Contains(typeof(TaskAwaiter<PendingResult>)));
        Assert.DoesNotContain(waiting, IsBytes);
        Assert.Contains(machines, fields => fields.Any(IsBytes));

        // Nor does the one that waits for that one.
        var outer = Assert.Single(machines, fields => fields.Contains(typeof(TaskAwaiter<(ClassicConnection, PendingSend)?>)));
        Assert.DoesNotContain(outer, IsBytes);
    }

    // As the endpoint holds a message; a result is memory.
    private static bool IsBytes(Type type) => type == typeof(byte[]);
}
