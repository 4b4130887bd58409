namespace Tandem.Sdk.Owin;

/// <summary>Names in an OWIN environment and in the properties of an application builder.</summary>
internal static class OwinKeys
{
    public const string RequestMethod = "owin.RequestMethod";
    public const string RequestScheme = "owin.RequestScheme";
    public const string RequestPathBase = "owin.RequestPathBase";
    public const string RequestPath = "owin.RequestPath";
    public const string RequestQueryString = "owin.RequestQueryString";
    public const string RequestProtocol = "owin.RequestProtocol";
    public const string RequestHeaders = "owin.RequestHeaders";
    public const string RequestBody = "owin.RequestBody";
    public const string RequestUser = "owin.RequestUser";
    public const string ResponseStatusCode = "owin.ResponseStatusCode";
    public const string ResponseHeaders = "owin.ResponseHeaders";
    public const string ResponseBody = "owin.ResponseBody";
    public const string CallCancelled = "owin.CallCancelled";
    public const string Version = "owin.Version";
    public const string ServerUser = "server.User";
    public const string RemoteAddress = "server.RemoteIpAddress";
    public const string AppMode = "host.AppMode";
    public const string OnAppDisposing = "host.OnAppDisposing";
    public const string ReferencedAssemblies = "host.ReferencedAssemblies";
    public const string TraceOutput = "host.TraceOutput";
    public const string StageMarker = "integratedpipeline.StageMarker";
}
