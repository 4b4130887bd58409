// Serves the page of a library, which loads it as its users do: with one script tag after the other, or bundled where it is no script.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { extname, normalize } from 'node:path';
import { bundle } from './bundle.mjs';

const Root = new URL('.', import.meta.url).pathname;
const Types = { '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8' };

/** @returns `addressOf(library)`: the URL of a new page for it, on a host of its own */
export async function servePages() {
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://pages');
    const answer = url.pathname === '/' ? sendPage(url.searchParams.getAll('script'), response)
      : url.pathname === '/bundle' ? sendBundle(url.searchParams.get('package'), response)
      : sendFile(normalize(url.pathname), response);
    answer.catch(() => response.writeHead(404).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  let pages = 0;
  return {
    async addressOf(library) {
      const { scripts } = await import(`./adapters/${library.adapter}.mjs`);
      return `http://page${++pages}.localhost:${port}/?${new URLSearchParams(scripts(library).map(script => ['script', script]))}`;
    },
  };
}

async function sendPage(scripts, response) {
  const sources = scripts.map(script => script.endsWith('.js') ? `/node_modules/${script}` : `/bundle?package=${encodeURIComponent(script)}`);
  const tags = sources.map(source => `<script src="${source}"></script>`);
  const lines = ['<!doctype html>', '<meta charset="utf-8">', '<title>Clients</title>', '<link rel="icon" href="data:,">', ...tags, '<script type="module" src="/page.mjs"></script>'];
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(lines.join('\n'));
}

async function sendBundle(name, response) {
  const content = await bundle(name);
  response.writeHead(200, { 'Content-Type': Types['.js'] }).end(content);
}

async function sendFile(path, response) {
  const content = await readFile(Root + path);
  response.writeHead(200, { 'Content-Type': Types[extname(path)] ?? 'application/octet-stream' }).end(content);
}
