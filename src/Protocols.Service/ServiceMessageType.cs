namespace Tandem.Protocols.Service;

/// <summary>The type numbers of the wire (element 0 of every message).</summary>
internal static class ServiceMessageType
{
    public const int HandshakeRequest = 1;
    public const int HandshakeResponse = 2;
    public const int Ping = 3;
    public const int OpenConnection = 4;
    public const int CloseConnection = 5;
    public const int ConnectionData = 6;
    public const int MultiConnectionData = 7;
    public const int UserData = 8;
    public const int MultiUserData = 9;
    public const int BroadcastData = 10;
    public const int JoinGroup = 11;
    public const int LeaveGroup = 12;
    public const int GroupBroadcastData = 13;
    public const int MultiGroupBroadcastData = 14;
    public const int ServiceError = 15;
    public const int UserJoinGroup = 16;
    public const int UserLeaveGroup = 17;
    public const int JoinGroupWithAck = 18;
    public const int LeaveGroupWithAck = 19;
    public const int Ack = 20;
    public const int CheckUserInGroup = 21;
    public const int ServiceEvent = 22;
    public const int CheckGroupExistence = 23;
    public const int CheckConnectionExistence = 24;
    public const int CheckUserExistence = 25;
    public const int UserJoinGroupWithAck = 26;
    public const int UserLeaveGroupWithAck = 27;
    public const int AccessKeyRequest = 28;
    public const int AccessKeyResponse = 29;
    public const int CloseConnectionWithAck = 30;
    public const int CloseConnectionsWithAck = 31;
    public const int CloseUserConnectionsWithAck = 32;
    public const int CloseGroupConnectionsWithAck = 33;
    public const int ClientInvocation = 34;
    public const int ClientCompletion = 35;
    public const int ErrorCompletion = 36;
    public const int ServiceMapping = 37;
    public const int ConnectionReconnect = 38;
}
