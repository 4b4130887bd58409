// Clients on pages of one browser. Browsers let few connections to one host be open at a time: each page here has as many as a page of a
// user has, for itself. To open one takes longer than most of what happens on it, so that pages are used again by others of the same library.

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

// Pages that wait for somebody to use them again.
const MostIdle = 60;

const Kinds = { chromium: { ...Chromium, path: '/usr/bin/chromium' }, firefox: { ...Firefox, path: '/usr/bin/firefox-esr' } };

export class BrowserRuntime {
  #browser;
  #site;
  #report;
  #pages = new Map();
  #idle = [];
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
    if (!opened) return command.act === 'forget' ? { value: true } : { error: `there is no ${command.member}` };
    let answer;
    try {
      const page = await opened.page;
      answer = await page.evaluate(command => globalThis.run(command), command);
      return answer;
    } finally {
      if (command.act === 'forget') await this.#leave(command, opened, answer?.value === true);
    }
  }

  close() { return this.#browser.close(); }

  #enter({ member, settings: { page: name, library } }) {
    const kind = JSON.stringify(library);
    const key = `${name} ${kind}`;
    const opened = this.#pages.get(key) ?? this.#take(kind) ?? { kind, members: new Set(), page: this.#open(library) };
    opened.key = key;
    opened.members.add(member);
    this.#pages.set(key, opened);
    return opened;
  }

  #take(kind) {
    const index = this.#idle.findIndex(opened => opened.kind === kind);
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0];
  }

  /** The last member leaves its page to others, unless something went wrong on it. */
  async #leave({ member, failed }, opened, inOrder) {
    this.#pageOf.delete(member);
    opened.members.delete(member);
    opened.isSpoilt ||= failed || !inOrder;
    if (opened.members.size > 0) return;
    if (this.#pages.get(opened.key) === opened) this.#pages.delete(opened.key);
    if (!opened.isSpoilt) this.#idle.push(opened);
    const closing = opened.isSpoilt ? opened : this.#idle.length > MostIdle ? this.#idle.shift() : undefined;
    await (await closing?.page.catch(() => null))?.close();
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
