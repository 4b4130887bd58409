using Owin;

namespace LegacyChat
{
    /// <summary>What runs for every request: the page, and SignalR.</summary>
    public class Startup
    {
        public void Configuration(IAppBuilder app)
        {
            app.UsePage();
            app.MapSignalR();
        }
    }
}
