#if NETFRAMEWORK
using System.Net;
#endif
using Tandem.Compat.Clients;

#if NETFRAMEWORK
// Two at a time by default, and all clients of this process go to the same servers: most would wait for others' polls to end.
ServicePointManager.DefaultConnectionLimit = int.MaxValue;
#endif

await Driver.RunAsync((settings, see) => new ClassicMember(settings, see));
