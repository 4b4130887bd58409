// The frame around the four pages: which app servers run, and the buttons that stop and start them.

const PollMilliseconds = 500;
const wished = new Map(); // by app server: what its button asked for and is not yet so

for (const section of document.querySelectorAll('.server')) {
  const button = section.querySelector('button');
  button.addEventListener('click', async () => {
    const start = section.dataset.running === 'false';
    wished.set(section.id, start);
    show(section, !start);
    const response = await fetch('servers', { method: 'POST', body: `${start ? 'start' : 'stop'} ${section.id}` });
    if (!response.ok) wished.delete(section.id);
  });
}

await watch();

async function watch() {
  try {
    const running = await (await fetch('servers')).json();
    for (const section of document.querySelectorAll('.server')) show(section, running[section.id]);
  } catch {
    for (const section of document.querySelectorAll('.server')) show(section, false); // the demo has ended
  }
  setTimeout(watch, PollMilliseconds);
}

function show(section, running) {
  if (wished.get(section.id) === running) wished.delete(section.id);
  const busy = wished.has(section.id);
  section.dataset.running = running;
  section.querySelector('.running').textContent = busy ? (running ? 'stopping…' : 'starting…') : running ? 'running' : 'stopped';
  const button = section.querySelector('button');
  button.textContent = running ? 'Stop' : 'Start';
  button.disabled = busy;
}
