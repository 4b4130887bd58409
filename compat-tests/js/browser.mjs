// The scenarios on a page of the application, in headless Chromium.

import { chromium } from 'playwright-core';

const Flags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** A browser with a profile of its own, which is gone afterwards. */
export function launch(executablePath) {
  return chromium.launch({ executablePath, headless: true, args: Flags });
}

export async function open(settings, print, executablePath) {
  const browser = await launch(executablePath);
  const page = await browser.newPage();
  page.on('pageerror', error => console.error(`page error: ${error}`));
  page.on('console', message => console.error(`console: ${message.text()}`));
  await page.exposeFunction('report', print);
  await page.goto(`${settings.app}/pages/page.html`);
  await page.waitForFunction(() => globalThis.compat);
  return {
    runScenarios: () => page.evaluate(settings => globalThis.compat.runScenarios(settings), settings),
    startLifeCycle: () => page.evaluate(settings => globalThis.compat.startLifeCycle(settings), settings),
    step: command => page.evaluate(command => globalThis.compat.step(command), command),
    close: () => browser.close(),
  };
}
