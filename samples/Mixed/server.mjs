// What stands in front of the two app servers of the mixed room: serves the page, and passes negotiates on to
// whichever app server is there, as any load balancer would. Clients then connect at the gateway, not here.
//
//   node server.mjs --url URL --app core=URL --app owin=URL --control FILE
//
// Starting and stopping is not done here: the page's buttons write a line such as "stop owin" to the control file,
// a named pipe, and whoever runs the app servers reads it.

import { appendFile, readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ProbeTimeout = 2_000;
const ProxiedPaths = /^\/(chathub|signalr)\//i;
const Here = path.dirname(fileURLToPath(import.meta.url));
const ContentTypes = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };
const Packages = {
  'signalr.min.js': '../Chat/node_modules/@microsoft/signalr/dist/browser/signalr.min.js',
  'signalr-protocol-msgpack.min.js': '../Chat/node_modules/@microsoft/signalr-protocol-msgpack/dist/browser/signalr-protocol-msgpack.min.js',
  'jquery.min.js': '../LegacyChat/node_modules/jquery/dist/jquery.min.js',
  'jquery.signalR.min.js': '../LegacyChat/node_modules/signalr/jquery.signalR.min.js',
};

const { values } = parseArgs({
  options: { url: { type: 'string' }, app: { type: 'string', multiple: true }, control: { type: 'string' } },
});
const url = new URL(values.url);
const apps = new Map(values.app.map(app => {
  const [name, address] = app.split(/=(.*)/);
  return [name, new URL(address)];
}));
let next = 0;

const server = http.createServer((request, response) => {
  answer(request, response).catch(error => {
    console.error(`${request.method} ${request.url.split('?')[0]}: ${error.message}`);
    if (response.headersSent) response.destroy();
    else reply(response, 500, 'text/plain', 'The page server failed; see its log.');
  });
});
server.listen(Number(url.port), url.hostname, () => console.log(`The room is at ${url}`));
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

async function answer(request, response) {
  const { pathname } = new URL(request.url, url);
  if (ProxiedPaths.test(pathname)) return proxy(request, response);
  if (pathname === '/servers') return request.method === 'POST' ? change(request, response) : states(response);
  return file(pathname, response);
}

async function states(response) {
  const found = await Promise.all([...apps].map(async ([name, address]) => [name, await isThere(address)]));
  reply(response, 200, 'application/json', JSON.stringify(Object.fromEntries(found)));
}

async function change(request, response) {
  const [action, name] = (await body(request)).toString().split(' ');
  // A page of another site can make a browser post here, but not with its own origin missing.
  if (request.headers.origin !== url.origin) return reply(response, 403, 'text/plain', 'Only the page of this demo may do that.');
  if (!['start', 'stop'].includes(action) || !apps.has(name)) return reply(response, 400, 'text/plain', 'Say "start" or "stop", and which.');
  await appendFile(values.control, `${action} ${name}\n`);
  return reply(response, 202, 'text/plain', '');
}

// Negotiates and the script of the proxies are short: they are read whole, so that a second app server can be asked.
async function proxy(request, response) {
  const content = await body(request);
  const turn = next++;
  const all = [...apps.values()];
  for (let i = 0; i < all.length; i++) {
    const address = all[(turn + i) % all.length];
    try {
      const answered = await send(address, request, content);
      response.writeHead(answered.statusCode, answered.headers);
      answered.pipe(response);
      return;
    } catch (error) {
      if (error.code !== 'ECONNREFUSED' && error.code !== 'ECONNRESET') throw error;
    }
  }
  reply(response, 503, 'text/plain', 'Neither app server is running.');
}

function send(address, request, content) {
  const { host: _, connection: __, ...headers } = request.headers;
  return new Promise((resolve, reject) => {
    const sent = http.request(new URL(request.url, address), { method: request.method, headers, agent: false }, resolve);
    sent.on('error', reject);
    sent.end(content);
  });
}

function isThere(address) {
  return new Promise(resolve => {
    const probe = http.get(new URL('/signalr/hubs', address), { agent: false, timeout: ProbeTimeout }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.on('timeout', () => probe.destroy());
    probe.on('error', () => resolve(false));
  });
}

async function file(pathname, response) {
  // File names only: nothing of the request ever becomes a part of a path with folders in it.
  const name = path.basename(pathname) || 'index.html';
  const packaged = pathname === `/lib/${name}` && Packages[name];
  if (!packaged && pathname !== '/' && pathname !== `/${name}`) return reply(response, 404, 'text/plain', 'Not found.');
  try {
    const content = await readFile(path.join(Here, packaged || path.join('wwwroot', name)));
    reply(response, 200, ContentTypes[path.extname(name)] ?? 'application/octet-stream', content);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EISDIR') throw error;
    reply(response, 404, 'text/plain', 'Not found.');
  }
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function reply(response, status, type, content) {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-cache' });
  response.end(content);
}
