// What the page shows. Everything that came from somebody else enters the document as text, never as HTML.

const MaxLines = 300;
const element = id => document.getElementById(id);

const create = (tag, className, ...children) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
};

function addLine(line) {
  const messages = element('messages');
  const atEnd = messages.scrollHeight - messages.scrollTop - messages.clientHeight < 40;
  messages.append(line);
  while (messages.childElementCount > MaxLines) messages.firstElementChild.remove();
  if (atEnd) messages.scrollTop = messages.scrollHeight;
}

export function showMessage({ from, group, text }, mine) {
  const meta = create('span', 'meta', mine ? 'You' : from.name);
  if (group) meta.append(create('span', 'group', `#${group}`));
  addLine(create('li', mine ? 'message mine' : 'message', meta, create('span', 'text', text)));
}

export function showNotice(text, isError = false) {
  addLine(create('li', isError ? 'notice error' : 'notice', text));
}

export function showState(state) {
  const label = element('state');
  label.dataset.state = state;
  label.textContent = state === 'Connecting' || state === 'Reconnecting' ? `${state}…` : state;
  element('toggle').textContent = state === 'Disconnected' ? 'Reconnect' : 'Disconnect';
  for (const id of ['text', 'send', 'target', 'group-name', 'join']) element(id).disabled = state !== 'Connected';
}

/** Where the same chat is served to jQuery pages, if the demo runs that application too. */
export function showClassicTab(address) {
  const tab = element('classic-tab');
  tab.hidden = !address;
  if (address) tab.href = address;
}

export function showRoute(transport, address) {
  element('transport').textContent = transport ?? '–';
  element('gateway').textContent = address ?? '–';
}

export function showMe(me) {
  element('me').textContent = me ? `as ${me.name}` : '';
  element('connection-id').textContent = me?.connectionId ?? '–';
}

/** The groups of this page: as chips that leave on a click, and as targets of the composer. */
export function showGroups(groups, onLeave) {
  element('groups').replaceChildren(...groups.map(group => {
    const leave = create('button', '', '×');
    leave.type = 'button';
    leave.ariaLabel = leave.title = `Leave ${group}`;
    leave.addEventListener('click', () => onLeave(group));
    return create('li', '', group, leave);
  }));

  const target = element('target');
  const chosen = target.value;
  target.replaceChildren(new Option('Everyone', ''), ...groups.map(group => new Option(`#${group}`, group)));
  target.value = groups.includes(chosen) ? chosen : '';
}

export function showPeople(people, myConnectionId) {
  const byName = [...people].sort((a, b) => a.name.localeCompare(b.name));
  element('people-count').textContent = byName.length;
  element('people').replaceChildren(...byName.map(person => create(
    'li',
    person.connectionId === myConnectionId ? 'me-too' : '',
    create('span', 'name', person.name),
    create('span', 'groups', person.groups.map(group => `#${group}`).join(' ')))));
}
