// Everything that a classic client must be able to do, whatever its jQuery, transport and way to the gateway.

import { calls } from './scenarios/calls.mjs';
import { connections } from './scenarios/connections.mjs';
import { sends } from './scenarios/sends.mjs';
import { Stage } from './stage.mjs';

/** Runs every scenario, one after the other, and reports each as `{ scenario, run, ok, error, milliseconds }`. */
export async function runScenarios(settings, report) {
  for (const [scenario, run] of Object.entries({ ...connections, ...calls, ...sends })) {
    const stage = new Stage(settings);
    const started = performance.now();
    let error = '';
    try {
      await run(stage);
    } catch (reason) {
      error = String(reason?.stack ?? reason);
    }
    stage.clear();
    await report({ scenario, run: settings.run, ok: error === '', error, milliseconds: Math.round(performance.now() - started) });
  }
}
