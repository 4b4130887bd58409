// Clients on pages of one browser. A page has a context, and with it a pool of connections, for itself.

import puppeteer from 'puppeteer-core';
import { servePages } from './pages.mjs';

const Chromium = {
  browser: 'chrome',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};

// Firefox counts the connections of all pages to one host together, and slows down what is not in front.
const Firefox = {
  browser: 'firefox',
  extraPrefsFirefox: {
    'network.http.max-persistent-connections-per-server': 1000,
    'network.http.max-connections': 4000,
    'network.websocket.max-connections': 1000,
    'network.websocket.delay-failed-reconnects': false,
    'dom.min_background_timeout_value': 4,
    'dom.min_background_timeout_value_without_budget_throttling': 4,
    'dom.timeout.enable_budget_timer_throttling': false,
    'dom.ipc.processCount': 2,
    'dom.ipc.processCount.webIsolated': 2,
    'fission.autostart': false,
  },
};

const Kinds = { chromium: { ...Chromium, path: '/usr/bin/chromium' }, firefox: { ...Firefox, path: '/usr/bin/firefox-esr' } };

export class BrowserRuntime {
  #browser;
  #site;
  #report;
  #pages = new Map();
  #pageOf = new Map();

  static async launch(kind, executablePath, report) {
    const { path, ...options } = Kinds[kind] ?? {};
    if (!path) throw new Error(`there is no runtime ${kind}`);
    const runtime = new BrowserRuntime();
    runtime.#report = report;
    runtime.#site = await servePages();
    // Whoever asks has deadlines.
    runtime.#browser = await puppeteer.launch({ executablePath: executablePath ?? path, headless: true, protocolTimeout: 0, ...options });
    return runtime;
  }

  async run(command) {
    if (command.act === 'make') this.#pageOf.set(command.member, this.#enter(command));
    const opened = this.#pageOf.get(command.member);
    if (!opened) return command.act === 'forget' ? { value: null } : { error: `there is no ${command.member}` };
    const answer = (await opened.page).evaluate(command => globalThis.run(command), command);
    if (command.act === 'forget') {
      try {
        return await answer;
      } finally {
        await this.#leave(command.member, opened);
      }
    }

    return answer;
  }

  close() { return this.#browser.close(); }

  #enter({ member, settings: { page: name, library } }) {
    const key = `${name} ${JSON.stringify(library)}`;
    const opened = this.#pages.get(key) ?? { key, members: new Set(), page: this.#open(library) };
    opened.members.add(member);
    this.#pages.set(key, opened);
    return opened;
  }

  /** Closes the page with its last member. */
  async #leave(member, opened) {
    this.#pageOf.delete(member);
    opened.members.delete(member);
    if (opened.members.size > 0) return;
    if (this.#pages.get(opened.key) === opened) this.#pages.delete(opened.key);
    await (await opened.page).browserContext().close();
  }

  async #open(library) {
    const context = await this.#browser.createBrowserContext();
    const page = await context.newPage();
    page.on('pageerror', error => console.error(`page error: ${error}`));
    page.on('console', message => console.error(`console: ${message.text()}`));
    await page.exposeFunction('report', this.#report);
    await page.goto(await this.#site.addressOf(library));
    return page;
  }
}
