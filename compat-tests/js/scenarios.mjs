// Everything that a client must be able to do, whatever its runtime, transport and hub protocol.

import { contains, fails } from './check.mjs';
import { calls } from './scenarios/calls.mjs';
import { connections } from './scenarios/connections.mjs';
import { questions } from './scenarios/questions.mjs';
import { sends } from './scenarios/sends.mjs';
import { streams } from './scenarios/streams.mjs';
import { Stage } from './stage.mjs';

const scenarios = { ...connections, ...calls, ...streams, ...sends, ...questions };

/** Instead of them where the transport is text and the hub protocol is not. */
const mismatches = {
  async binary_messages_over_a_text_transport_are_refused(stage) {
    const error = await fails(stage.connect(), 'start');
    contains(error.message, "'ServerSentEvents' does not support Binary", 'the error');
  },
};

/** Runs every scenario, one after the other, and reports each as `{ scenario, ok, error, milliseconds }`. */
export async function runScenarios(environment, report) {
  for (const [scenario, run] of Object.entries(isMismatch(environment) ? mismatches : scenarios)) {
    const stage = new Stage(environment);
    const started = performance.now();
    let error = '';
    try {
      await run(stage);
    } catch (reason) {
      error = String(reason?.stack ?? reason);
    }
    await stage.clear();
    await report({ scenario, ok: error === '', error, milliseconds: Math.round(performance.now() - started) });
  }
}

function isMismatch({ transport, protocol }) {
  return transport === 'serverSentEvents' && protocol === 'messagepack';
}
