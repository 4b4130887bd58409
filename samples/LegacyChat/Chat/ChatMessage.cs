using Newtonsoft.Json;

namespace LegacyChat
{
    /// <summary>One line of the chat; the group is null when it went to everyone.</summary>
    public class ChatMessage
    {
        [JsonProperty("from")]
        public Person From { get; set; }

        [JsonProperty("group")]
        public string Group { get; set; }

        [JsonProperty("text")]
        public string Text { get; set; }
    }
}
