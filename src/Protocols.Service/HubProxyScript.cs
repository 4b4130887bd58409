using System.Globalization;
using System.Text;

namespace Tandem.Protocols.Service;

/// <summary>
/// Makes the script that gives classic browser clients a proxy for each hub, <c>$.connection.chatHub.server.send(…)</c>, for hubs that have no
/// generator of their own: those of ASP.NET Core. App servers and gateways hand out the same.
/// </summary>
public static class HubProxyScript
{
    // Only what all releases of jquery.signalR 2 document is used. Handlers are subscribed when the connection starts, as pages add them to
    // "client" until then, and come off when it has ended, so that a second start does not run them twice.
    private const string Head = """
        /* Hub proxies for jquery.signalR. Made by Tandem; changes are lost. */
        (function ($) {
            'use strict';

            if (!$ || typeof $.hubConnection !== 'function') {
                throw new Error('SignalR: load jquery.signalR before the script with the hub proxies.');
            }

            // Hub: its methods, each with the name the server knows.
            var hubs = {
        """;

    private const string Middle = """

            };

            function serverMethod(proxy, method) {
                return function () {
                    return proxy.invoke.apply(proxy, [method].concat($.makeArray(arguments)));
                };
            }

            function clientHandler(proxy, handler) {
                return function () {
                    handler.apply(proxy, $.makeArray(arguments));
                };
            }

            $.hubConnection.prototype.createHubProxies = function () {
                var connection = this, proxies = {}, subscribed = [], name, method, proxy;

                function unsubscribe() {
                    $.each(subscribed, function (_, entry) {
                        entry.proxy.off(entry.event, entry.handler);
                    });
                    subscribed = [];
                }

                // Before the first proxy: with that comes the handler that tells the server which hubs have subscriptions.
                connection.starting(function () {
                    unsubscribe();
                    $.each(proxies, function (_, proxy) {
                        $.each(proxy.client, function (event, handler) {
                            var entry;
                            if (typeof handler === 'function') {
                                entry = { proxy: proxy, event: event, handler: clientHandler(proxy, handler) };
                                proxy.on(entry.event, entry.handler);
                                subscribed.push(entry);
                            }
                        });
                    });
                }).disconnected(unsubscribe);

                for (name in hubs) {
                    proxy = connection.createHubProxy(name);
                    proxy.client = {};
                    proxy.server = {};
                    for (method in hubs[name]) {
                        proxy.server[method] = serverMethod(proxy, hubs[name][method]);
                    }
                    proxies[name] = proxy;
                }

                return proxies;
            };

            $.signalR.hub = $.hubConnection(
        """;

    private const string Tail = """
        , { useDefaultPath: false });
            $.extend($.signalR, $.signalR.hub.createHubProxies());
        }(window.jQuery));

        """;

    /// <summary>Makes the script.</summary>
    /// <param name="url">Where the clients negotiate, such as <c>/signalr</c>.</param>
    /// <param name="hubs">Hubs and the methods that clients may call, with the names they are declared with.</param>
    public static string Create(string url, IEnumerable<KeyValuePair<string, IEnumerable<string>>> hubs)
    {
        var script = new StringBuilder(Head);
        var separator = "\n";
        foreach (var hub in hubs.OrderBy(static hub => hub.Key, StringComparer.Ordinal))
        {
            script.Append(separator).Append("        ").Append(Text(CamelCase(hub.Key))).Append(": {");
            AppendMethods(script, hub.Value);
            separator = ",\n";
        }

        script.Append(Middle).Append(Text(url)).Append(Tail);

        // The texts above have the line ends of this source file.
        return script.Replace("\r\n", "\n").ToString();
    }

    /// <summary>How a classic browser client calls a hub or a method: with a small letter in front.</summary>
    /// <param name="name">The declared name.</param>
    public static string CamelCase(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);

    private static void AppendMethods(StringBuilder script, IEnumerable<string> methods)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in methods.OrderBy(static method => method, StringComparer.Ordinal))
        {
            if (seen.Add(CamelCase(method)))
            {
                script.Append(seen.Count == 1 ? " " : ", ").Append(Text(CamelCase(method))).Append(": ").Append(Text(method));
            }
        }

        script.Append(seen.Count == 0 ? "}" : " }");
    }

    /// <summary>A JavaScript text that is harmless inside HTML and in any encoding.</summary>
    private static string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is < ' ' or > '~' or '"' or '\'' or '\\' or '<' or '>' or '&')
            {
                text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.Append('"').ToString();
    }
}
