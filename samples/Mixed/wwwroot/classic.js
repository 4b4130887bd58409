// A page of the jQuery days: generated hub proxies, callbacks on the hub's client.

import { createPane } from './pane.js';

const $ = globalThis.jQuery;
const RestartMilliseconds = 500;

const hub = $.connection.chatHub;
const connection = $.connection.hub;
connection.qs = { name: new URLSearchParams(location.search).get('name') || 'guest' };

const pane = createPane({
  library: `jQuery, SignalR ${$.signalR.version}`,
  wire: 'JSON · WebSockets',
  send: (text, group) => group ? hub.server.sendToGroup(group, text) : hub.server.sendToEveryone(text),
  join: group => hub.server.joinGroup(group),
  leave: group => hub.server.leaveGroup(group),
  greet: person => hub.server.greet(person.connectionId),
  whoAmI: () => hub.server.whoAmI(),
});

hub.client.message = pane.message;
hub.client.arrived = pane.arrived;
connection.reconnecting(() => pane.lost());
connection.reconnected(() => pane.introduce());
connection.disconnected(() => {
  pane.lost();
  setTimeout(start, RestartMilliseconds);
});

start();

function start() {
  // A start that fails ends in disconnected, which tries again.
  connection.start({ transport: 'webSockets' }).done(() => pane.introduce());
}
