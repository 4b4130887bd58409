// Clients on pages of one browser. Browsers let few connections to one host be open at a time: each page here has as many as a page of a
// user has, for itself.

import puppeteer from 'puppeteer-core';
import { servePages } from './pages.mjs';

// Chromium counts them for each site that a page may be of, so that a page gets a host name of its own, below localhost. A context for each
// would count them too, but have a process too, which a hundred pages are too many for; and so would sites, but for the flags.
const Chromium = {
  browser: 'chrome',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-site-isolation-trials', '--disable-features=IsolateOrigins,site-per-process', '--renderer-process-limit=3',
  ],
};

// Firefox counts those of all pages together, and slows down pages that are not in front.
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
    'fission.autostart': false,
    'dom.ipc.processCount': 2,
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
    runtime.#browser = await puppeteer.launch({ executablePath: executablePath ?? path, headless: true, protocolTimeout: 0, networkEnabled: false, issuesEnabled: false, ...options });
    return runtime;
  }

  async run(command) {
    if (command.act === 'make') this.#pageOf.set(command.member, this.#enter(command));
    const opened = this.#pageOf.get(command.member);
    if (!opened) return command.act === 'forget' ? { value: null } : { error: `there is no ${command.member}` };
    try {
      const page = await opened.page;
      return await page.evaluate(command => globalThis.run(command), command);
    } finally {
      if (command.act === 'forget') await this.#leave(command.member, opened);
    }
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
    await (await opened.page.catch(() => null))?.close();
  }

  async #open(library) {
    const page = await this.#browser.newPage();
    page.on('pageerror', error => console.error(`page error: ${error}`));
    page.on('console', message => console.error(`console: ${message.text()}`));
    await page.exposeFunction('report', this.#report);
    await page.goto(await this.#site.addressOf(library));
    return page;
  }
}
