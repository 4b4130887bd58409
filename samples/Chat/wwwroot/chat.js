import { createConnection, retryDelay } from './connection.js';
import { showClassicTab, showGroups, showMe, showMessage, showNotice, showPeople, showRoute, showState } from './view.js';

const query = new URLSearchParams(location.search);
const name = query.get('name')?.trim() || `guest ${Math.floor(Math.random() * 900 + 100)}`;

const people = new Map(); // by connection id
const groups = new Set(); // of this page; they outlive a connection, so that a new one can join them again
let me = null;
let wanted = true;        // whether this page should be connected: the button decides
let route = [];           // transport and address of the last attempt; shown once it is a connection
let starting = false;
let wake = () => {};      // ends the pause between two tries of start

const connection = createConnection(name, query.get('transport'), (...latest) => {
  route = latest;
});

connection.on('Message', message => showMessage(message, message.from.connectionId === me?.connectionId));
connection.on('Arrived', person => {
  // Whoever comes back from an app server that was stopped has a new connection id, and nobody said that the old one is gone.
  for (const [id, other] of people) {
    if (other.name === person.name && id !== me?.connectionId) people.delete(id);
  }
  upsert(person);
  showNotice(`${person.name} arrived`);
  if (me) attempt(() => connection.invoke('Greet', person.connectionId));
});
connection.on('Here', upsert);
connection.on('Left', person => {
  people.delete(person.connectionId);
  refreshPeople();
  showNotice(`${person.name} left`);
});
connection.on('GroupsChanged', upsert);

// The gateway asks its clients to come back when it shuts down or loses the app server; the client then starts
// anew with a negotiate of its own. To the hub that is a new connection: it has to be introduced again.
connection.onreconnecting(() => {
  lost('Reconnecting');
  showNotice('Connection lost, reconnecting…');
});
connection.onreconnected(() => attempt(introduce));
connection.onclose(error => {
  lost('Disconnected');
  showNotice(error ? `Disconnected: ${error.message}` : 'You disconnected', Boolean(error));
});

document.getElementById('toggle').addEventListener('click', () => {
  wanted = connection.state === 'Disconnected' && !starting;
  attempt(wanted ? start : stop);
});
document.getElementById('composer').addEventListener('submit', event => {
  event.preventDefault();
  const text = document.getElementById('text');
  const group = document.getElementById('target').value;
  const line = text.value.trim();
  if (line === '') return;
  text.value = '';
  attempt(() => group ? connection.invoke('SendToGroup', group, line) : connection.invoke('SendToEveryone', line));
});
document.getElementById('join-form').addEventListener('submit', event => {
  event.preventDefault();
  const input = document.getElementById('group-name');
  const group = input.value.trim();
  if (group === '') return;
  input.value = '';
  attempt(() => join(group));
});

lost('Disconnected');
attempt(start);
attempt(async () => showClassicTab((await (await fetch('demo.json')).json()).classicPage));

async function start() {
  if (starting) return;
  starting = true;
  showState('Connecting');
  try {
    for (let retries = 0; wanted; retries++) {
      try {
        await connection.start();
        break;
      } catch (error) {
        if (!wanted) return;
        if (retries === 0) showNotice(`No connection yet: ${error.message}`, true);
        await new Promise(resolve => {
          wake = resolve;
          setTimeout(resolve, retryDelay(retries + 1));
        });
      }
    }
  } finally {
    starting = false;
    if (connection.state === 'Disconnected') lost('Disconnected');
  }
  if (connection.state === 'Connected') await introduce();
}

async function stop() {
  wake();
  await connection.stop();
}

async function introduce() {
  me = await connection.invoke('WhoAmI');
  for (const group of groups) await connection.invoke('JoinGroup', group);
  for (const person of await connection.invoke('ListPresence')) people.set(person.connectionId, person);
  showMe(me);
  showRoute(...route);
  refreshGroups();
  refreshPeople();
  showState('Connected');
  showNotice(`You are connected as ${me.name}`);
}

async function join(group) {
  await connection.invoke('JoinGroup', group);
  groups.add(group);
  refreshGroups();
  showNotice(`You joined #${group}`);
}

async function leave(group) {
  if (connection.state === 'Connected') await connection.invoke('LeaveGroup', group);
  groups.delete(group);
  refreshGroups();
  showNotice(`You left #${group}`);
}

function lost(state) {
  me = null;
  people.clear();
  showMe(me);
  showRoute();
  refreshGroups();
  refreshPeople();
  showState(state);
}

function upsert(person) {
  people.set(person.connectionId, person);
  refreshPeople();
}

function refreshGroups() {
  showGroups([...groups], group => attempt(() => leave(group)));
}

function refreshPeople() {
  showPeople(people.values(), me?.connectionId);
}

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    showNotice(error.message, true);
  }
}
