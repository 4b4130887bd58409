using System.Text;
using Microsoft.AspNet.SignalR.Hosting;

namespace Tandem.Sdk.Owin;

/// <summary>Keeps what the hub dispatcher answers, for somebody else to pass on.</summary>
internal sealed class CapturedResponse : IResponse
{
    private readonly List<byte> _body = [];

    public CancellationToken CancellationToken => CancellationToken.None;

    public int StatusCode { get; set; } = 200;

    public string? ContentType { get; set; }

    public string Text => Encoding.UTF8.GetString(_body.ToArray());

    public void Write(ArraySegment<byte> data) => _body.AddRange(data);

    public Task Flush() => Task.CompletedTask;
}
