using System.Reflection;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.Sdk.Core;

/// <summary>What clients can call on a hub, found by the rules by which ASP.NET Core dispatches calls.</summary>
internal sealed class HubMethods
{
    private HubMethods(IReadOnlyList<string> names, IReadOnlyList<string> streams, IReadOnlyList<string> uploads)
    {
        Names = names;
        Streams = streams;
        Uploads = uploads;
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Those that answer with a stream.</summary>
    public IReadOnlyList<string> Streams { get; }

    /// <summary>Those that take a stream from the client.</summary>
    public IReadOnlyList<string> Uploads { get; }

    public static HubMethods Of(Type hubType)
    {
        var methods = hubType.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => IsHubMethod(hubType, method))
            .Select(static method => (Name: method.GetCustomAttribute<HubMethodNameAttribute>()?.Name ?? method.Name, Method: method))
            .DistinctBy(static method => method.Name, StringComparer.OrdinalIgnoreCase)
            .OrderBy(static method => method.Name, StringComparer.Ordinal)
            .ToList();
        return new HubMethods(
            [.. methods.Select(static method => method.Name)],
            [.. methods.Where(static method => IsStream(Awaited(method.Method.ReturnType))).Select(static method => method.Name)],
            [.. methods.Where(static method => TakesStream(method.Method)).Select(static method => method.Name)]);
    }

    /// <summary>What the gateway is told of the hub.</summary>
    public string Describe(string name) => JsonSerializer.Serialize(new { name, methods = Names, streams = Streams, uploads = Uploads });

    private static bool IsHubMethod(Type hubType, MethodInfo method)
    {
        var declaring = method.GetBaseDefinition().DeclaringType!;
        return !method.IsSpecialName
            && declaring != typeof(object) && declaring != typeof(Hub)
            && !(declaring.IsGenericType && declaring.GetGenericTypeDefinition() == typeof(Hub<>))
            && !hubType.GetInterfaceMap(typeof(IDisposable)).TargetMethods.Contains(method);
    }

    /// <summary>A parameter of one of these types is a stream of the client, whatever attributes it has.</summary>
    private static bool TakesStream(MethodInfo method) => method.GetParameters().Any(static parameter => IsStreamDefinition(parameter.ParameterType));

    private static Type Awaited(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;

    private static bool IsStream(Type type)
    {
        for (var parent = type; parent is not null; parent = parent.BaseType)
        {
            if (IsStreamDefinition(parent))
            {
                return true;
            }
        }

        return type.GetInterfaces().Any(IsStreamDefinition);
    }

    private static bool IsStreamDefinition(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>) || type.GetGenericTypeDefinition() == typeof(ChannelReader<>));
}
