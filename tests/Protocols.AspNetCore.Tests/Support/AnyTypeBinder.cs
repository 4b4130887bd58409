using Microsoft.AspNetCore.SignalR;

namespace Tandem.Protocols.AspNetCore.Tests.Support;

/// <summary>Tells the real hub protocols the types a test expects.</summary>
internal sealed class AnyTypeBinder(params Type[] types) : IInvocationBinder
{
    public IReadOnlyList<Type> GetParameterTypes(string methodName) => types;

    public Type GetReturnType(string invocationId) => types[0];

    public Type GetStreamItemType(string streamId) => types[0];
}
