using System.Collections.Generic;
using Newtonsoft.Json;

namespace LegacyChat
{
    /// <summary>Somebody who is connected right now.</summary>
    public class Person
    {
        [JsonProperty("connectionId")]
        public string ConnectionId { get; set; }

        [JsonProperty("name")]
        public string Name { get; set; }

        [JsonProperty("groups")]
        public IList<string> Groups { get; set; }

        /// <summary>The app server that answers this person.</summary>
        [JsonProperty("server")]
        public string Server { get; set; }
    }
}
