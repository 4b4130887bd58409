// A page of today: @microsoft/signalr with the hub protocol and the transport of its query.

import { createPane } from './pane.js';

const { HttpTransportType, HubConnectionBuilder, LogLevel, VERSION } = globalThis.signalR;
const RetryMilliseconds = 500;

const query = new URLSearchParams(location.search);
const name = query.get('name') || 'guest';
const protocol = query.get('protocol') === 'MessagePack' ? 'MessagePack' : 'JSON';
const transport = query.get('transport') === 'LongPolling' ? 'LongPolling' : 'WebSockets';

const builder = new HubConnectionBuilder()
  .withUrl(`/chatHub?name=${encodeURIComponent(name)}`, { transport: HttpTransportType[transport] })
  .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => RetryMilliseconds })
  .configureLogging(LogLevel.Error);
if (protocol === 'MessagePack') builder.withHubProtocol(new globalThis.signalR.protocols.msgpack.MessagePackHubProtocol());
const connection = builder.build();

const pane = createPane({
  library: `@microsoft/signalr ${VERSION}`,
  wire: `${protocol} · ${transport === 'LongPolling' ? 'long polling' : transport}`,
  send: (text, group) => group ? connection.invoke('SendToGroup', group, text) : connection.invoke('SendToEveryone', text),
  join: group => connection.invoke('JoinGroup', group),
  leave: group => connection.invoke('LeaveGroup', group),
  greet: person => connection.invoke('Greet', person.connectionId),
  whoAmI: () => connection.invoke('WhoAmI'),
});

connection.on('Message', pane.message);
connection.on('Arrived', pane.arrived);
connection.onreconnecting(() => pane.lost());
connection.onreconnected(() => pane.introduce());

await start();

async function start() {
  try {
    await connection.start();
  } catch {
    setTimeout(start, RetryMilliseconds); // automatic reconnect begins after the first connection
    return;
  }
  await pane.introduce();
}
