// Values as lines of JSON carry them between a driver and who drives it. What JSON has no word for is an object with one member
// that begins with a dollar sign; results come back as JSON would have them.

/** What a client passes: bytes and dates as its hub protocol wants them. */
export function revive(value, isBinary) {
  if (Array.isArray(value)) return value.map(each => revive(each, isBinary));
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$bytes === 'string') return isBinary ? Uint8Array.from(atob(value.$bytes), each => each.charCodeAt(0)) : value.$bytes;
  if (typeof value.$date === 'string') return new Date(value.$date);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revive(each, isBinary)]));
}

/** What a client was given. */
export function plain(value) {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value));
  if (Array.isArray(value)) return value.map(plain);
  // A large integer that is exact, as MessagePack has it.
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}
