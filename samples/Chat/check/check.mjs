// Drives the chat page, the page of the legacy chat, and the mixed room with headless Chromium the way two people would, and says
// step by step what held.
//
//   node check.mjs --page URL [--legacy URL] [--room URL] --gateway URL --chromium PATH --screenshots FOLDER
//
// Exit code: 0 when every step held, 1 when one did not, 2 for wrong arguments. Nothing here waits for a time to
// pass: every wait is for a condition with a deadline, and the whole check has a deadline of its own.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { chromium } from 'playwright-core';
import { Guest } from './guest.mjs';
import { mixedRoom } from './mixedRoom.mjs';

const CheckDeadline = 300_000;
const BrowserFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const { page, legacy, room, gateway, chromium: executablePath, screenshots } = readArguments();
const guests = [];
let browser;
let current = 'start';

const deadline = setTimeout(() => {
  console.log(`FAILED ${current}: the check did not end within ${CheckDeadline / 1000} s`);
  process.exit(1); // Playwright's exit handler ends the browser.
}, CheckDeadline);

try {
  await mkdir(screenshots, { recursive: true });
  await step('Chromium starts', async () => {
    // Without a userDataDir Playwright makes a fresh one and removes it afterwards.
    browser = await chromium.launch({ executablePath, headless: true, args: BrowserFlags });
    return browser.version();
  });
  const ann = await chat();
  if (legacy) await classicChat(ann);
  if (room) await mixedRoom({ address: room, browser, screenshots, step, guests });
  await step('no page had a script error', () => assert.deepEqual(guests.flatMap(guest => guest.errors), []));
  console.log('All steps held.');
} catch (error) {
  console.log(`FAILED ${current}: ${reason(error)}`);
  await Promise.allSettled(guests.map(guest => guest.screenshot('failed')));
  process.exitCode = 1;
} finally {
  clearTimeout(deadline);
  await browser?.close();
}

async function chat() {
  const ann = await arrives('Ann', { colorScheme: 'light' });
  const ben = await arrives('Ben', { colorScheme: 'dark' });

  await step('each sees the other', async () => {
    await ann.sees('Ben arrived');
    await ann.seesPeople(['Ann', 'Ben']);
    await ben.seesPeople(['Ann', 'Ben']);
  });

  await step('a message to everyone is sent and received', async () => {
    await ann.sends('Hello, is anybody here?');
    await ann.seesMessage('You', 'Hello, is anybody here?');
    await ben.seesMessage('Ann', 'Hello, is anybody here?');
    await ben.sends('Grüß dich! <b>I am</b>, for 5 €');
    await ann.seesMessage('Ben', 'Grüß dich! <b>I am</b>, for 5 €');
  });

  await step('a group message reaches only the members', async () => {
    await ann.joins('tandem');
    await ann.sends('For members only', 'tandem');
    await ann.seesMessage('You#tandem', 'For members only');
    // What one client makes the app server send reaches another client in order: were the group message on its
    // way to Ben, it would be there before this one.
    await ann.sends('For all of you');
    await ben.seesMessage('Ann', 'For all of you');
    await ben.doesNotSee('For members only');
  });

  await step('who joins a group receives its messages', async () => {
    await ben.joins('tandem');
    await ann.sends('Welcome to the group', 'tandem');
    await ben.seesMessage('Ann#tandem', 'Welcome to the group');
    await ben.sends('Glad to be in', 'tandem');
    await ann.seesMessage('Ben#tandem', 'Glad to be in');
    await ann.screenshot('chat-light');
    await ben.screenshot('chat-dark');
  });

  await step('who leaves a group receives no more of it', async () => {
    await ben.leaves('tandem');
    await ann.sends('Anyone left in here?', 'tandem');
    await ann.sends('Back to everyone');
    await ben.seesMessage('Ann', 'Back to everyone');
    await ben.doesNotSee('Anyone left in here?');
    await ben.joins('tandem');
  });

  let firstId;
  await step('a disconnect is announced to the other, and the page shows it', async () => {
    firstId = await ben.connectionId();
    await ben.toggles();
    await ben.isInState('Disconnected');
    await ann.sees('Ben left');
    await ann.seesPeople(['Ann']);
    await ben.screenshot('disconnected');
  });

  await step('a reconnect is a new connection in the old groups', async () => {
    await ben.toggles();
    await ben.isInState('Connected');
    assert.notEqual(await ben.connectionId(), firstId, 'the connection id must be a new one');
    await ann.seesPeople(['Ann', 'Ben']);
    await ann.sends('There you are again', 'tandem');
    await ben.seesMessage('Ann#tandem', 'There you are again');
    return isAtGateway(ben);
  });

  await step('a closed tab is announced too', async () => {
    await ben.closes();
    await ann.seesPeople(['Ann']);
  });

  for (const [name, transport] of [['Eve', 'ServerSentEvents'], ['Leo', 'LongPolling']]) {
    const guest = await arrives(name, { transport });
    await step(`${transport} carries messages both ways`, async () => {
      await guest.sends(`${name} is here`);
      await ann.seesMessage(name, `${name} is here`);
      await ann.sends(`Hello ${name}`);
      await guest.seesMessage('Ann', `Hello ${name}`);
      await guest.toggles();
      await guest.isInState('Disconnected');
      await ann.sees(`${name} left`);
    });
  }

  await ann.screenshot('end');
  return ann;
}

async function classicChat(ann) {
  const cleo = await arrives('Cleo', { address: legacy });
  const dan = await arrives('Dan', { address: legacy, colorScheme: 'dark' });

  await step('the classic pages see each other, and Ann of the other generation', async () => {
    await cleo.sees('Dan arrived');
    for (const guest of [ann, cleo, dan]) await guest.seesPeople(['Ann', 'Cleo', 'Dan']);
  });

  await step('a message to everyone on the classic page is sent and received', async () => {
    await cleo.sends('Still on jQuery?');
    await dan.seesMessage('Cleo', 'Still on jQuery?');
    await dan.sends('Ja, <b>natürlich</b>, for 5 €');
    await cleo.seesMessage('Dan', 'Ja, <b>natürlich</b>, for 5 €');
  });

  await step('a classic group message reaches only the members', async () => {
    await cleo.joins('veterans');
    await cleo.sends('For members only', 'veterans');
    await cleo.seesMessage('You#veterans', 'For members only');
    await cleo.sends('For all of you');
    await dan.seesMessage('Cleo', 'For all of you');
    await dan.doesNotSee('For members only');
    await dan.joins('veterans');
    await cleo.sends('Welcome', 'veterans');
    await dan.seesMessage('Cleo#veterans', 'Welcome');
    await cleo.screenshot('classic-light');
    await dan.screenshot('classic-dark');
  });

  await step('a classic disconnect is announced, and a new start is a new connection in the old groups', async () => {
    await dan.toggles();
    await dan.isInState('Disconnected');
    await cleo.sees('Dan left');
    await dan.toggles();
    await dan.isInState('Connected');
    await cleo.seesPeople(['Ann', 'Cleo', 'Dan']);
    await dan.sees('You are connected as Dan', 2);
    await cleo.sends('There you are again', 'veterans');
    await dan.seesMessage('Cleo#veterans', 'There you are again');
    return isAtGateway(dan);
  });

  for (const [name, transport] of [['Eva', 'ServerSentEvents'], ['Lou', 'LongPolling']]) {
    const guest = await arrives(name, { address: legacy, transport });
    await step(`classic ${transport} carries messages both ways`, async () => {
      await guest.sends(`${name} is here`);
      await cleo.seesMessage(name, `${name} is here`);
      await cleo.sends(`Hello ${name}`);
      await guest.seesMessage('Cleo', `Hello ${name}`);
      await guest.toggles();
      await guest.isInState('Disconnected');
      await cleo.sees(`${name} left`);
    });
  }

  await step('the tabs lead from one page to the other', async () => {
    await cleo.followsTheTab('ASP.NET Core');
    await cleo.followsTheTab('Classic');
  });
}

async function arrives(name, { address = page, colorScheme = 'light', transport = 'WebSockets' }) {
  let guest;
  await step(`${name} connects to the gateway with ${transport}`, async () => {
    guest = new Guest(name, await browser.newContext({ colorScheme, viewport: { width: 1100, height: 720 } }), screenshots);
    guests.push(guest);
    await guest.opens(`${address}/?name=${name}&transport=${transport}`);
    await guest.sees(`You are connected as ${name}`);
    assert.equal(await guest.transport(), transport);
    return isAtGateway(guest);
  });
  return guest;
}

// What the page says about itself, and what the browser's network log says about the page, must be the gateway.
async function isAtGateway(guest) {
  const shown = await guest.gateway();
  assert.equal(new URL(shown).origin, gateway, 'the address the page shows');
  assert.equal(guest.lastConnection().origin, gateway, 'where the browser connected');
  return shown;
}

async function step(name, action) {
  current = name;
  const detail = await action();
  console.log(`ok     ${name}${detail ? ` (${detail})` : ''}`);
}

function reason(error) {
  const lines = stripVTControlCharacters(error.message).split('\n').map(line => line.trim()).filter(Boolean);
  return lines.slice(0, 4).join(' | ').slice(0, 400);
}

function readArguments() {
  const names = ['page', 'legacy', 'room', 'gateway', 'chromium', 'screenshots'];
  try {
    const { values } = parseArgs({ options: Object.fromEntries(names.map(name => [name, { type: 'string' }])) });
    const missing = names.filter(name => name !== 'legacy' && name !== 'room' && !values[name]);
    if (missing.length > 0) throw new Error(`missing: ${missing.map(name => `--${name}`).join(', ')}`);
    return { ...values, gateway: new URL(values.gateway).origin, screenshots: path.resolve(values.screenshots) };
  } catch (error) {
    console.error(`check.mjs: ${error.message}`);
    process.exit(2);
  }
}
