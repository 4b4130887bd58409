// Packages that are no script for a page, but modules, as their users' bundlers make scripts of them.

import { build } from 'esbuild';

const bundles = new Map();

/** @returns a script; what the package exports is the page's global `library` */
export function bundle(name) {
  if (!bundles.has(name)) bundles.set(name, make(name));
  return bundles.get(name);
}

async function make(name) {
  const { outputFiles: [file] } = await build({
    stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: import.meta.dirname },
    bundle: true, write: false, format: 'iife', globalName: 'library', platform: 'browser', logLevel: 'warning',
  });
  return file.text;
}
