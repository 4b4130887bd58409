using Tandem.Compat.Matrix.Catalogue;

namespace Tandem.Compat.Matrix.Stages;

/// <summary>SignalR itself, of both generations, without a gateway: what a client cannot do here is its own failing.</summary>
internal sealed class RealStage : Stage
{
    public override Task StartAsync() => throw new NotImplementedException();

    public override Address AddressOf(Server server, Generation generation, string way, string user, bool isBrief = false, bool isSpared = false) => throw new NotImplementedException();

    public override Task HappenAsync(string happening, Func<Task> meanwhile) => throw new NotImplementedException();

    public override ValueTask DisposeAsync() => throw new NotImplementedException();
}
