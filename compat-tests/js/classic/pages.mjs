// Serves the files of compat-tests/js from an origin of its own.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { extname, normalize } from 'node:path';

const Root = new URL('..', import.meta.url).pathname;
const Types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8' };

/** @returns its URL */
export async function servePages() {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://pages').pathname);
    try {
      response.writeHead(200, { 'Content-Type': Types[extname(path)] ?? 'application/octet-stream' }).end(await readFile(Root + path));
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}
