namespace Tandem.Chat;

/// <summary>What this application calls on its clients.</summary>
public interface IChatClient
{
    Task Message(ChatMessage message);

    Task Arrived(Person person);

    Task Here(Person person);

    Task Left(Person person);

    Task GroupsChanged(Person person);
}
