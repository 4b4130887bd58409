using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>Several invocations of one client at a time, so that a method can ask its own caller.</summary>
internal sealed class ParallelHub(Ledger ledger) : Hub
{
    public async Task<string> AskMe(string question) =>
        "answer: " + await Clients.Caller.InvokeAsync<string>("Question", question, Context.ConnectionAborted);

    public Task<string> WaitFor(string what) => ledger.WaitForAsync(what);

    public void Note(string what) => ledger.Note(what, "noted");
}
