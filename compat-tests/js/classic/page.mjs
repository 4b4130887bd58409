// What a page of the classic client offers to the driver.

import { LifeCycle } from './life-cycle.mjs';
import { runScenarios } from './scenarios.mjs';

globalThis.classic = {
  versions: () => ({ jquery: $.fn.jquery, signalR: $.signalR.version }),
  runScenarios: settings => runScenarios(settings, globalThis.report),
  startLifeCycle(settings) { this.lifeCycle = new LifeCycle(settings); },
  step: command => globalThis.classic.lifeCycle.step(command),
};
