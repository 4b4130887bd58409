// Scenarios in which connections, tokens and servers end. Whoever drives them acts between the two steps: `prepare` connects
// and joins a group that numbered messages are sent to; `verify` looks at what became of the connection and the messages.

import { contains, equal, ok } from '../check.mjs';
import { Stage } from './stage.mjs';

// A client that polls gives a silent poll up after the gateway's ConnectionTimeout and ten seconds more, then waits three.
const ReconnectDeadline = 45_000;

const AppServerIsKilled = 'app_server_is_killed_and_comes_back';

async function prepare(stage, { group, token }) {
  const client = await stage.connect(token ? { url: stage.connectsTo + stage.pathAtGateway, qs: { access_token: token } } : {});
  await client.invoke('JoinGroup', group);
  return { client, id: client.id };
}

/** Nothing is lost, nothing comes twice, and the connection is the one it was. */
async function verifyKept(stage, { client, id, scenario }, { group, count }) {
  // A browser asks again by itself when a poll on a connection it has used before breaks off unanswered, and a slow one may be between
  // two polls all the while: the client sees nothing of it.
  const mayNotNotice = scenario !== AppServerIsKilled && stage.transport === 'longPolling';
  if (!mayNotNotice) await client.count('back', 1);
  equal(await client.count(`group:${group}`, count, ReconnectDeadline), Array.from({ length: count }, (_, index) => `${index}`), 'the messages');
  equal(client.id, id, 'the id');
  equal(await client.invoke('Add', 1, 2), 3, 'a call afterwards');
  const back = client.all('back').length;
  client.stop();
  // An application that was killed hears that the client comes, for it is another one. That it comes back it hears only of those
  // that asked to reconnect once more while it was starting.
  const isAnother = scenario === AppServerIsKilled;
  const returns = isAnother ? [] : Array.from({ length: back }, () => `reconnected ${id}`);
  const heard = (await stage.left(id, true)).filter(line => !isAnother || line !== `reconnected ${id}`);
  equal(heard, [`connected ${id}`, ...returns, `disconnected ${id} stopCalled=True`], 'what the application heard');
  ok(back === 1 || (mayNotNotice && back === 0), `that the client came back once, not ${back} times`);
  equal(client.all(`group:${group}`).length, count, 'the number of messages at the end');
}

/** The connection is gone, the client says why, and the next start makes a new one. */
async function verifyEnded(_, { client, id }) {
  await client.count('closed', 1);
  contains(client.all('error').join('\n'), 'no such connection', 'the errors');
  await client.start();
  ok(client.id !== id, 'that the connection is a new one');
  equal(await client.invoke('Add', 1, 2), 3, 'a call afterwards');
  client.stop();
  await client.count('closed', 2);
}

export class LifeCycle {
  #stage;
  #states = {};

  constructor(settings) { this.#stage = new Stage(settings); }

  /** @returns `{ route, transport, ok, error }` */
  async step({ scenario, step, ...details }) {
    const verify = scenario === 'gateway_is_killed_and_comes_back' ? verifyEnded : verifyKept;
    let error = '';
    try {
      if (step === 'prepare') this.#states[scenario] = { ...await prepare(this.#stage, details), scenario };
      else await verify(this.#stage, this.#states[scenario], details);
    } catch (reason) {
      error = String(reason?.stack ?? reason);
    }
    return { route: this.#stage.route, transport: this.#stage.transport, ok: error === '', error };
  }
}
