// Scenarios in which servers come and go. Whoever drives them acts between the two steps: `prepare` connects, `verify`
// looks at what became of the connections.

import { contains, equal, fails, ok } from './check.mjs';
import { Stage } from './stage.mjs';

// Often enough to come back soon, long enough for a slow machine's restart.
const RetryDelays = Array.from({ length: 240 }, () => 250);

/** Whoever lost its connection: a plain client is told so, one with automatic reconnect comes back as a new connection. */
const comingBack = {
  async prepare(stage) {
    const [plain, steady] = [await stage.connect(), await stage.connect({ retryDelays: RetryDelays })];
    equal(await steady.invoke('Add', 1, 2), 3, 'the sum before');
    return { plain, steady, firstId: steady.connectionId };
  },
  async verify(_, { plain, steady, firstId }) {
    await plain.closed();
    const [newId] = await steady.count('Reconnected', 1);
    ok(newId !== firstId && newId === steady.connectionId, 'that the connection is a new one');
    equal(steady.all('Reconnecting').length > 0, true, 'that the loss was noticed');
    await steady.sees(newId, 'Welcome');
    equal(await steady.invoke('Add', 3, 4), 7, 'the sum after');
    equal(await steady.stream('Count', 3), [0, 1, 2], 'a stream after');
  },
};

const scenarios = {
  app_server_is_killed_and_comes_back: comingBack,

  gateway_shuts_down_and_comes_back: comingBack,

  gateway_is_killed_and_comes_back: comingBack,

  app_server_shuts_down_gracefully: {
    async prepare(stage) {
      const client = await stage.connect();
      equal(await client.invoke('Add', 1, 2), 3, 'the sum before');
      return { client };
    },
    async verify(stage, { client }) {
      if (!stage.throughGateway) {
        await client.closed();
        return;
      }
      // The app server takes no new clients, and those that are there may finish.
      equal(await client.invoke('Add', 3, 4), 7, 'the sum during shutdown');
      await client.stop();
      equal(await client.closed() ?? null, null, 'the error of the close');
    },
  },

  client_is_there_before_its_app_server: {
    async prepare(stage, { waiting }) {
      const connected = stage.connect(waiting);
      connected.catch(() => {}); // verify will see it
      return { connected };
    },
    async verify(_, { connected }) {
      const client = await connected;
      equal(await client.invoke('Add', 3, 4), 7, 'the sum');
    },
  },

  client_without_app_server_is_refused: {
    async prepare() { return {}; },
    async verify(stage, _, { refused }) {
      const error = await fails(stage.connect(refused), 'start');
      contains(error.message, '503', 'the error');
    },
  },
};

export class LifeCycle {
  #participants;

  constructor(environment) {
    this.#participants = environment.transports.map(transport => ({ stage: new Stage({ ...environment, transport }), state: undefined }));
  }

  /** @returns one `{ transport, ok, error }` for each transport */
  step({ scenario, step, ...details }) {
    return Promise.all(this.#participants.map(async participant => {
      const { stage } = participant;
      let error = '';
      try {
        if (step === 'prepare') participant.state = await scenarios[scenario].prepare(stage, details);
        else await scenarios[scenario].verify(stage, participant.state, details);
      } catch (reason) {
        error = String(reason?.stack ?? reason);
      }
      if (step === 'verify') await stage.clear();
      return { transport: stage.transport, ok: error === '', error };
    }));
  }
}
