using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Compat.Matrix.Running;

/// <summary>A client on one transport, served by one app server it comes to in one way: a row of cells, one for each scenario.</summary>
internal sealed record Run(Client Client, string Transport, Server Server, string Way)
{
    public string Name => $"{Client.Name} {Transport} {Server.Name} {Way}";

    public override string ToString() => Name;
}
