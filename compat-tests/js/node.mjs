// The scenarios in this process.

import * as signalR from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import { LifeCycle } from './life-cycle.mjs';
import { runScenarios } from './scenarios.mjs';

export async function open(settings, print) {
  const environment = { ...settings, signalR, MessagePackHubProtocol };
  let lifeCycle;
  return {
    runScenarios: () => runScenarios(environment, print),
    startLifeCycle() { lifeCycle = new LifeCycle(environment); },
    step: command => lifeCycle.step(command),
    close() {},
  };
}
