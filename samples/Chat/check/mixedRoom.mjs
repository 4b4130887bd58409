// The mixed room: four clients of both generations on one page, and two app servers of which either is stopped.

import assert from 'node:assert/strict';
import path from 'node:path';

const WaitDeadline = 20_000;
const Core = 'core';
const Owin = 'owin';

export async function mixedRoom({ address, browser, screenshots, step, guests }) {
  const context = await browser.newContext({ colorScheme: 'light', viewport: { width: 1240, height: 790 }, deviceScaleFactor: 1.5 });
  context.setDefaultTimeout(WaitDeadline);
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', error => errors.push(`the mixed room: ${error.message}`));
  const screenshot = name => page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  guests.push({ errors, screenshot: name => screenshot(`${name}-mixed-room`) }); // for the check's last step, and when one fails
  let members = [];

  await step('four clients of both generations connect, each served by an app server of its own kind', async () => {
    await page.goto(address);
    members = [
      new Member('Ann', page.frame({ name: 'classic' })),
      new Member('Ben', page.frame({ name: 'json' })),
      new Member('Cleo', page.frame({ name: 'messagepack' })),
      new Member('Dan', page.frame({ name: 'longpolling' })),
    ];
    const servers = await Promise.all(members.map(member => member.isServedBy(member.name === 'Ann' ? Owin : Core)));
    return [...new Set(servers)].join(' and ');
  });
  const [ann, ben, cleo, dan] = members;

  await step('every page sends, and every page sees each message once', async () => {
    await everyoneTalks([
      'Hello, still on jQuery here',
      'Hi Ann, on the new client',
      'Binary, in the same room ✓',
      'Long polling does it, too',
    ]);
  });

  await step('a group joined from either side reaches members of both, and nobody else', async () => {
    await ann.joins();
    await cleo.joins();
    await ann.says('Who moves next?', '#movers');
    await seenOnce([ann, cleo], 'Ann', 'Who moves next?');
    await cleo.says('You, on Monday', '#movers');
    await seenOnce([ann, cleo], 'Cleo', 'You, on Monday');
    // Both group messages were sent before these two, by the same app servers.
    await ann.says('See you all there');
    await cleo.says('And nobody will notice');
    for (const outsider of [ben, dan]) {
      await seenOnce([outsider], 'Ann', 'See you all there');
      await seenOnce([outsider], 'Cleo', 'And nobody will notice');
      await outsider.doesNotSee('Who moves next?');
      await outsider.doesNotSee('You, on Monday');
    }
    await screenshot('mixed-rooms');
  });

  for (const [stopped, other] of [[Owin, Core], [Core, Owin]]) {
    await step(`the ${stopped} app server is stopped: all pages go on at the ${other} one, in their groups`, async () => {
      await toggles(stopped, false);
      for (const member of members) await member.isServedBy(other);
      await everyoneTalks(members.map(member => `${member.name} without ${stopped}`));
      await ann.says(`Movers without ${stopped}`, '#movers');
      await seenOnce([ann, cleo], 'Ann', `Movers without ${stopped}`);
      await screenshot(`mixed-rooms-without-${stopped}`);
    });
    await step(`the ${stopped} app server is back: everyone still hears everyone`, async () => {
      await toggles(stopped, true);
      await everyoneTalks(members.map(member => `${member.name}, with ${stopped} again`));
    });
  }

  await step('in the end every message is on every page once, and group messages only where they belong', async () => {
    for (const member of members) assert.deepEqual(await member.duplicates(), [], `seen twice by ${member.name}`);
    for (const outsider of [ben, dan]) await outsider.doesNotSee('#movers');
  });

  await context.close();

  async function everyoneTalks(lines) {
    for (const [i, member] of members.entries()) {
      await member.says(lines[i]);
      await seenOnce(members, member.name, lines[i]);
    }
  }

  async function seenOnce(readers, from, text) {
    for (const reader of readers) await reader.sees(from, text);
  }

  async function toggles(server, running) {
    const section = page.locator(`#${server}`);
    await section.locator('button').click();
    await page.locator(`#${server}[data-running="${running}"] button:enabled`).waitFor();
  }
}

class Member {
  #frame;

  constructor(name, frame) {
    this.name = name;
    this.#frame = frame;
  }

  /** Waits for a connection that this kind of app server serves, and returns what the page says of it. */
  async isServedBy(server) {
    const label = this.#frame.locator(`.served[data-server="${server}"]`);
    try {
      await label.waitFor();
      await this.#frame.locator('.composer button:enabled').waitFor();
    } catch (error) {
      throw new Error(`${this.name} waited to be served by ${server}, and says "${await this.#frame.textContent('.served')}": ${error.message}`);
    }
    return label.textContent();
  }

  async joins() {
    await this.#frame.click('.who button');
    await this.#frame.locator('.who button[data-member="true"]').waitFor();
  }

  async says(text, target = 'to all') {
    await this.#frame.selectOption('.composer select', { label: target });
    await this.#frame.fill('.composer input', text);
    await this.#frame.click('.composer button');
  }

  async sees(from, text) {
    try {
      await this.#frame.waitForFunction(([from, text]) =>
        [...document.querySelectorAll('.message')].some(line =>
          line.querySelector('b').textContent === from && line.querySelector('.text').textContent === text), [from, text], { timeout: WaitDeadline });
    } catch (error) {
      throw new Error(`${this.name} waited for "${text}" from ${from}: ${error.message}`);
    }
    assert.deepEqual(await this.duplicates(), [], `seen twice by ${this.name}`);
  }

  async doesNotSee(text) {
    assert.equal(await this.#frame.locator('.message', { hasText: text }).count(), 0, `${this.name} must not see "${text}"`);
  }

  async duplicates() {
    const texts = await this.#frame.locator('.message .text').allTextContents();
    return texts.filter((text, i) => texts.indexOf(text) !== i);
  }
}
