namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>The types of hub messages that are translated. Source: the hub protocol specification of ASP.NET Core.</summary>
internal static class CoreMessageType
{
    public const int Invocation = 1;
    public const int StreamItem = 2;
    public const int Completion = 3;
    public const int StreamInvocation = 4;
    public const int CancelInvocation = 5;
}
