// The classic client of other makers, who took jQuery out of it and left the rest as it was.
//
// library: { adapter: 'classic-without-jquery', client: 'signalr-no-jquery' }, a name in package.json.

import { makeWith } from './classic.mjs';

/** Of a page: the package, bundled. */
export const scripts = ({ client }) => [client];

export const make = (settings, see) => makeWith(library.hubConnection ?? library, settings, see);
