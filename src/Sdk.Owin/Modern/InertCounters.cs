#if NET
using System.Reflection;
using Microsoft.AspNet.SignalR.Infrastructure;

namespace Tandem.Sdk.Owin;

/// <summary>Performance counters that count nothing: there are none outside .NET Framework.</summary>
/// <remarks>Not sealed because its base derives from it.</remarks>
internal class InertCounters : DispatchProxy
{
    private static readonly IPerformanceCounter Counter = Create<IPerformanceCounter, InertCounters>();

    public static IPerformanceCounterManager CreateManager() => Create<IPerformanceCounterManager, InertCounters>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var type = targetMethod!.ReturnType;
        return type == typeof(IPerformanceCounter) ? Counter
            : type == typeof(string) ? string.Empty
            : type.IsValueType && type != typeof(void) ? Activator.CreateInstance(type) : null;
    }
}
#endif
