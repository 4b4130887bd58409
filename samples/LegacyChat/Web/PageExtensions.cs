using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Newtonsoft.Json;
using Owin;
using AppFunc = System.Func<System.Collections.Generic.IDictionary<string, object>, System.Threading.Tasks.Task>;

namespace LegacyChat
{
    /// <summary>Serves the page and its scripts. Applications under IIS leave that to IIS.</summary>
    public static class PageExtensions
    {
        private static readonly Dictionary<string, string> ContentTypes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            { ".html", "text/html; charset=utf-8" },
            { ".css", "text/css; charset=utf-8" },
            { ".js", "application/javascript; charset=utf-8" },
        };

        /// <summary>Answers requests for files of the page, and for <c>/demo.json</c>; passes everything else on.</summary>
        public static void UsePage(this IAppBuilder app)
        {
            // The page and its scripts lie beside the program.
            var root = AppDomain.CurrentDomain.BaseDirectory;
            var folders = new Dictionary<string, string>
            {
                { "/", Path.Combine(root, "wwwroot") },
                { "/Scripts/", Path.Combine(root, "Scripts") },
            };
            var corePage = Environment.GetEnvironmentVariable("DEMO_CORE_PAGE");
            app.Use(new Func<AppFunc, AppFunc>(next => environment =>
            {
                var path = (string)environment["owin.RequestPath"];
                if (path == "/demo.json")
                {
                    return WriteAsync(environment, "application/json", Encoding.UTF8.GetBytes(JsonConvert.SerializeObject(new { corePage })));
                }

                var file = Find(folders, path.EndsWith("/", StringComparison.Ordinal) ? path + "index.html" : path);
                return file == null ? next(environment) : WriteAsync(environment, ContentTypes[Path.GetExtension(file)], File.ReadAllBytes(file));
            }));
        }

        private static string Find(IDictionary<string, string> folders, string path)
        {
            foreach (var folder in folders)
            {
                // File names only: nothing of the request ever becomes a part of a path with folders in it.
                var name = Path.GetFileName(path);
                if (path == folder.Key + name && ContentTypes.ContainsKey(Path.GetExtension(name)) && File.Exists(Path.Combine(folder.Value, name)))
                {
                    return Path.Combine(folder.Value, name);
                }
            }

            return null;
        }

        private static Task WriteAsync(IDictionary<string, object> environment, string contentType, byte[] body)
        {
            var headers = (IDictionary<string, string[]>)environment["owin.ResponseHeaders"];
            headers["Content-Type"] = new[] { contentType };
            headers["Content-Length"] = new[] { body.Length.ToString() };
            headers["Cache-Control"] = new[] { "no-cache" };
            return ((Stream)environment["owin.ResponseBody"]).WriteAsync(body, 0, body.Length);
        }
    }
}
