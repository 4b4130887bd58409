#if NET
using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.Sdk.Owin;

/// <summary>
/// The client side of a typed hub. SignalR emits such classes with an API that .NET no longer has; this one forwards every method of the
/// interface to the dynamic proxy.
/// </summary>
/// <remarks>Not sealed because its base derives from it.</remarks>
internal class TypedClient : DispatchProxy
{
    private static readonly ConcurrentDictionary<Type, string?> Problems = new();

    private IClientProxy? _proxy;

    /// <exception cref="InvalidOperationException">The interface cannot be one of clients.</exception>
    public static T Create<T>(object proxy)
    {
        Verify(typeof(T));
        var client = Create<T, TypedClient>();
        ((TypedClient)(object)client!)._proxy = (IClientProxy)proxy;
        return client;
    }

    /// <exception cref="InvalidOperationException">The interface cannot be one of clients.</exception>
    public static void Verify(Type type)
    {
        if (Problems.GetOrAdd(type, FindProblem) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var task = _proxy!.Invoke(targetMethod!.Name, args ?? []);
        return targetMethod.ReturnType == typeof(void) ? null : task;
    }

    private static string? FindProblem(Type type)
    {
        if (!type.IsInterface)
        {
            return $"Clients of a typed hub are described by an interface; {type} is none.";
        }

        foreach (var part in type.GetInterfaces().Append(type))
        {
            if (part.GetProperties().Length > 0 || part.GetEvents().Length > 0)
            {
                return $"{part} describes clients of a typed hub and must have methods only.";
            }

            var wrong = Array.Find(part.GetMethods(), static method =>
                (method.ReturnType != typeof(void) && method.ReturnType != typeof(Task))
                || method.GetParameters().Any(static parameter => parameter.IsOut || parameter.ParameterType.IsByRef));
            if (wrong is not null)
            {
                return $"{part}.{wrong.Name} describes a client's method: it must return void or Task, and have no ref or out parameters.";
            }
        }

        return null;
    }
}
#endif
