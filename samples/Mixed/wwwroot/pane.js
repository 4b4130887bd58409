// What the four pages of the room share: everything but the connection.

const Group = 'movers';
const MaxLines = 100;

/**
 * Fills the page.
 * @param {{ library: string, wire: string, send: (text: string, group: string) => Promise, join: (group: string) => Promise,
 *   leave: (group: string) => Promise, greet: (person: object) => Promise, whoAmI: () => Promise }} client
 */
export function createPane(client) {
  const name = new URLSearchParams(location.search).get('name') || 'guest';
  const lines = create('ol', 'messages');
  const server = create('p', 'served', 'connecting…');
  const target = create('select', '', new Option('to all', ''));
  const text = create('input');
  const membership = create('button', 'quiet', `Join #${Group}`);
  const send = create('button', '', 'Send');
  const form = create('form', 'composer', target, text, send);
  let me = null;
  let member = false;

  text.type = 'text';
  text.maxLength = 2000;
  text.autocomplete = 'off';
  text.placeholder = `${name} says…`;
  text.ariaLabel = 'Message';
  target.ariaLabel = 'Send to';
  membership.type = 'button';
  document.body.prepend(
    create('section', 'who', create('h2', '', name), membership, create('p', 'library', client.library), create('p', 'wire', client.wire), server),
    lines,
    form);
  lost();

  form.addEventListener('submit', event => {
    event.preventDefault();
    const line = text.value.trim();
    if (line === '') return;
    text.value = '';
    attempt(() => client.send(line, target.value));
  });
  membership.addEventListener('click', () => attempt(async () => {
    await (member ? client.leave(Group) : client.join(Group));
    member = !member;
    showMembership();
  }));

  return { message, arrived, introduce: () => attempt(introduce), lost };

  /** To be called with every new connection, also after a reconnect: another app server may answer now, and it has to be told of the group. */
  async function introduce() {
    if (member) await client.join(Group);
    me = await client.whoAmI();
    server.textContent = me.server;
    server.dataset.server = me.server.startsWith('OWIN') ? 'owin' : 'core';
    enable(true);
  }

  function arrived(person) {
    if (me) attempt(() => client.greet(person));
  }

  function lost() {
    me = null;
    server.textContent = 'connecting…';
    delete server.dataset.server;
    enable(false);
  }

  // Everything that came from somebody else enters the document as text, never as HTML.
  function message({ from, group, text }) {
    const mine = from.connectionId === me?.connectionId;
    const meta = create('span', 'meta', create('b', '', from.name));
    if (group) meta.append(create('span', 'group', `#${group}`));
    const via = create('span', 'via', from.server.startsWith('OWIN') ? 'OWIN' : 'Core');
    via.title = `From ${from.server}`;
    via.dataset.server = from.server.startsWith('OWIN') ? 'owin' : 'core';
    meta.append(via);
    add(create('li', mine ? 'message mine' : 'message', meta, create('span', 'text', text)));
  }

  function showMembership() {
    membership.textContent = `${member ? 'Leave' : 'Join'} #${Group}`;
    membership.dataset.member = member;
    target.replaceChildren(new Option('to all', ''), ...(member ? [new Option(`#${Group}`, Group)] : []));
  }

  function add(line) {
    lines.append(line);
    while (lines.childElementCount > MaxLines) lines.firstElementChild.remove();
    lines.scrollTop = lines.scrollHeight;
  }

  function enable(connected) {
    for (const control of [target, text, send, membership]) control.disabled = !connected;
  }

  async function attempt(action) {
    try {
      await action();
    } catch (error) {
      add(create('li', 'notice', error.message));
    }
  }
}

function create(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}
