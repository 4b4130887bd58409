// The few assertions the scenarios need; node:assert does not exist in a browser.

export function ok(condition, what) {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

export function equal(actual, expected, what) {
  const [left, right] = [text(actual), text(expected)];
  if (left !== right) throw new Error(`${what}: expected ${shorten(right)}, got ${shorten(left)}`);
}

export function contains(whole, part, what) {
  if (!String(whole).includes(part)) throw new Error(`${what}: expected "${part}" in ${shorten(text(whole))}`);
}

export function lacks(whole, part, what) {
  if (String(whole).includes(part)) throw new Error(`${what}: expected no "${part}" in ${shorten(text(whole))}`);
}

/** The error that the promise must be rejected with. */
export async function fails(promise, what) {
  let result;
  try {
    result = await within(promise, what);
  } catch (error) {
    if (error instanceof DeadlineError) throw error;
    return error;
  }
  throw new Error(`${what}: expected an error, got ${shorten(text(result))}`);
}

export class DeadlineError extends Error {}

export const Deadline = 20_000;

/** What the promise comes to, if it does so in time. */
export function within(promise, what, milliseconds = Deadline) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`${what}: not within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

function text(value) {
  return value === undefined ? 'undefined' : JSON.stringify(value);
}

function shorten(value) {
  return value.length <= 300 ? value : `${value.slice(0, 200)}… (${value.length} characters)`;
}
