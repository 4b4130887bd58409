using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>One result that is awaited from a client. It also tells the hub protocol what to read the answer as.</summary>
internal abstract class PendingResult(string connectionId, IEnumerable<TandemEndpoint> endpoints, IHubProtocolResolver protocols) : IInvocationBinder
{
    private readonly Lock _lock = new();
    private readonly List<TandemEndpoint> _endpoints = [.. endpoints];

    public string ConnectionId { get; } = connectionId;

    /// <summary>Gateway instance that holds the client, once the gateway has said.</summary>
    public string? InstanceId { get; set; }

    /// <summary>Where the protocol of an answer from elsewhere is looked up.</summary>
    public IHubProtocolResolver Protocols { get; } = protocols;

    public abstract Type ResultType { get; }

    /// <summary>No answer will come from this endpoint; true when it was the last.</summary>
    public bool GiveUp(TandemEndpoint endpoint)
    {
        lock (_lock)
        {
            return _endpoints.Remove(endpoint) && _endpoints.Count == 0;
        }
    }

    public abstract void Complete(CompletionMessage completion);

    public abstract void Fail(Exception exception);

    public Type GetReturnType(string invocationId) => ResultType;

    public IReadOnlyList<Type> GetParameterTypes(string methodName) => throw new InvalidDataException("A completion was expected.");

    public Type GetStreamItemType(string streamId) => throw new InvalidDataException("A completion was expected.");
}

/// <inheritdoc cref="PendingResult"/>
internal sealed class PendingResult<T>(string connectionId, IEnumerable<TandemEndpoint> endpoints, IHubProtocolResolver protocols) : PendingResult(connectionId, endpoints, protocols)
{
    private readonly TaskCompletionSource<T> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _source.Task;

    public override Type ResultType => typeof(T);

    public override void Complete(CompletionMessage completion)
    {
        if (completion.Result is T result)
        {
            _source.TrySetResult(result);
        }
        else if (completion.HasResult && completion.Result is null && default(T) is null)
        {
            _source.TrySetResult(default!);
        }
        else
        {
            // Whatever a client sends, whoever waits gets an answer.
            _source.TrySetException(new HubException(completion.Error ?? "The client answered without a result."));
        }
    }

    public override void Fail(Exception exception) => _source.TrySetException(exception);
}
