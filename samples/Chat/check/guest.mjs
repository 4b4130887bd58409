// One person with a browser of their own: what they do on the page, and what they wait to see there.

import path from 'node:path';

const WaitDeadline = 15_000;

export class Guest {
  errors = [];
  #name;
  #context;
  #screenshots;
  #page;
  #connections = [];

  constructor(name, context, screenshots) {
    this.#name = name;
    this.#context = context;
    this.#screenshots = screenshots;
    context.setDefaultTimeout(WaitDeadline);
  }

  async opens(url) {
    this.#page = await this.#context.newPage();
    this.#page.on('pageerror', error => this.errors.push(`${this.#name}: ${error.message}`));
    this.#page.on('websocket', socket => this.#connections.push(socket.url()));
    this.#page.on('request', request => {
      // Server-sent events and polls; what the page itself is made of has no connection token. Classic clients also poll with POST.
      const { pathname, searchParams } = new URL(request.url());
      const isReceiving = request.method() === 'GET' ? searchParams.has('id') : searchParams.has('connectionToken');
      if (isReceiving || /\/(connect|reconnect|poll)$/.test(pathname)) this.#connections.push(request.url());
    });
    await this.#page.goto(url);
  }

  /** The last address from which the browser received, as the browser's network log has it. */
  lastConnection() {
    const last = this.#connections.at(-1);
    if (last === undefined) throw new Error(`${this.#name}'s browser made no connection`);
    return new URL(last.replace(/^ws/, 'http'));
  }

  async followsTheTab(name) {
    await this.#page.locator('.tabs a', { hasText: name }).click();
    return this.isInState('Connected');
  }

  isInState(state) {
    return this.#page.locator(`#state[data-state="${state}"]`).waitFor();
  }

  connectionId() { return this.#page.textContent('#connection-id'); }

  transport() { return this.#page.textContent('#transport'); }

  gateway() { return this.#page.textContent('#gateway'); }

  toggles() { return this.#page.click('#toggle'); }

  async sends(text, group = '') {
    await this.#page.selectOption('#target', group);
    await this.#page.fill('#text', text);
    await this.#page.click('#send');
  }

  async joins(group) {
    await this.#page.fill('#group-name', group);
    await this.#page.click('#join');
    await this.#page.locator('#groups li', { hasText: group }).waitFor();
  }

  async leaves(group) {
    const chip = this.#page.locator('#groups li', { hasText: group });
    await chip.locator('button').click();
    await chip.waitFor({ state: 'detached' });
  }

  sees(notice, times = 1) {
    return this.#page.locator('.notice', { hasText: notice }).nth(times - 1).waitFor();
  }

  seesMessage(from, text) {
    return this.#waitFor(`the message "${text}" from ${from}`, ([from, text]) =>
      [...document.querySelectorAll('.message')].some(line =>
        line.querySelector('.meta').textContent === from && line.querySelector('.text').textContent === text), [from, text]);
  }

  async doesNotSee(text) {
    if (await this.#page.locator('.message', { hasText: text }).count() > 0) throw new Error(`${this.#name} must not see "${text}"`);
  }

  seesPeople(names) {
    return this.#waitFor(`exactly ${names.join(', ')} in the list`, names =>
      [...document.querySelectorAll('#people .name')].map(name => name.textContent).join() === names, names.join());
  }

  async closes() {
    await this.#context.close();
    this.#page = undefined;
  }

  async screenshot(name) {
    await this.#page?.screenshot({ path: path.join(this.#screenshots, `${name}-${this.#name.toLowerCase()}.png`) });
  }

  async #waitFor(what, condition, argument) {
    try {
      await this.#page.waitForFunction(condition, argument, { timeout: WaitDeadline });
    } catch (error) {
      throw new Error(`${this.#name} waited for ${what}: ${error.message}`);
    }
  }
}
