/** Thrown by an adapter: the library cannot do that at all. The message is the reason, one clause. */
export class Unsupported extends Error {}
