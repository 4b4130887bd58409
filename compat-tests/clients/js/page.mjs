// What a page of browser.mjs runs, after the library's scripts.

import { Members } from './members.mjs';

const members = new Members(line => globalThis.report(line));
globalThis.run = command => members.run(command);
