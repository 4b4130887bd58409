import { contains, equal, fails, ok } from '../../check.mjs';
import { Sightings } from '../sightings.mjs';

const Guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const connections = {
  async the_client_connects_to_the_gateway(stage) {
    const client = await stage.connect();
    equal(client.transport, stage.transport, 'the transport');
    equal(client.connection.baseUrl, stage.connectsTo, 'where the client connected');
    contains(client.connection.appRelativeUrl, stage.pathAtGateway, 'the path');
    await client.sees('connected', client.id);
    equal((await client.invoke('WhoAmI')).id, client.id, 'the id that the hub sees');
  },

  async the_connection_id_is_a_guid(stage) {
    const [one, two] = [await stage.connect(), await stage.connect()];
    for (const { id } of [one, two]) ok(Guid.test(id), `that ${id} is a GUID`);
    ok(one.id !== two.id, 'that two clients have two ids');
  },

  async the_query_of_the_page_reaches_the_hub(stage) {
    const query = await (await stage.connect({ qs: { colour: 'grün & blau', user: 'ann' } })).invoke('Query');
    equal(query.colour, 'grün & blau', 'a parameter of the query');
    equal(query.transport, stage.transport, 'the transport');
    equal(Object.keys(query).filter(key => /^(access_token|asrs)/.test(key)), [], "what is the gateway's own");
  },

  async the_transport_is_chosen(stage) {
    const client = await stage.connect({ transport: 'auto' });
    equal(client.transport, 'webSockets', 'the transport');
    equal(await client.invoke('Add', 1, 2), 3, 'the sum');
  },

  async a_client_that_stops_has_left_at_once(stage) {
    const client = await stage.connect();
    const { id } = client;
    client.stop();
    await client.sees('closed', '');
    const lines = await stage.left(id, true);
    equal(lines, [`connected ${id}`, `disconnected ${id} stopCalled=True`], 'what the application was told');
    equal(client.all('error'), [], 'the errors');
  },

  async a_client_that_stopped_can_start_again(stage) {
    const client = await stage.connect();
    const first = client.id;
    client.stop();
    await stage.left(first, true);
    await client.start();
    ok(client.id !== first, 'that the connection is a new one');
    equal(await client.invoke('Add', 1, 2), 3, 'the sum');
  },

  async generated_proxies_work(stage) {
    const text = stage.unique('text');
    await new Promise((resolve, reject) => $.getScript(`${stage.url}/hubs`).done(resolve).fail(reject));
    const { hub, oracle, secondHub } = $.connection;
    const seen = new Sightings();
    oracle.client.message = (kind, value) => seen.see(kind, value);
    secondHub.client.shout = value => seen.see('shout', value);
    // The script's own path is relative to the page.
    ok(hub.url.endsWith(new URL(stage.url).pathname), `that ${hub.url} is the path`);
    hub.url = stage.url;
    await new Promise((resolve, reject) => hub.start({ transport: stage.transport, waitForPageLoad: false }).done(resolve).fail(reject));
    try {
      equal(await oracle.server.echo('x'), 'x', 'the result');
      equal(await secondHub.server.ping('y'), 'second:y', "the other hub's result");
      await oracle.server.broadcast(text);
      await secondHub.server.shout(text);
      await Promise.all([seen.sees('all', text), seen.sees('shout', text)]);
    } finally {
      hub.stop();
    }
  },

  async persistent_connections_work(stage) {
    const [ann, ben] = [await raw(stage), await raw(stage)];
    try {
      equal([ann, ben].map(({ connection }) => connection.baseUrl), [stage.connectsTo, stage.connectsTo], 'where the clients connected');
      contains(ann.connection.appRelativeUrl, stage.rawPathAtGateway, 'the path');
      ann.connection.send('plain text');
      await ann.seen.sees('text', 'plain text');
      ann.connection.send({ a: 1 });
      await ann.seen.sees('text', '{"a":1}');
      const [group, text] = [stage.unique('group').replaceAll(' ', '-'), stage.unique('text')];
      ben.connection.send(`join ${group}`);
      await untilMember(ann, ben, group);
      ann.connection.send(`all ${text}`);
      await Promise.all([ann.seen.sees('text', text), ben.seen.sees('text', text)]);
      equal(attempts(ann), [], 'what got who is no member of the group');
      equal(ben.seen.has('text', 'plain text'), false, 'whether another client got what was for one');
    } finally {
      for (const { connection } of [ann, ben]) connection.stop();
    }
    for (const { id } of [ann, ben]) await stage.left(id, true, 'raw-disconnected');
  },

  async start_fails_where_there_is_nothing(stage) {
    const error = await fails(stage.client({ url: `${new URL(stage.url).origin}/nowhere` }).start(), 'start');
    contains(error.message, 'negotiation', 'the error');
  },
};

async function raw(stage) {
  const [connection, seen] = [$.connection(stage.rawUrl), new Sightings()];
  connection.received(value => (typeof value === 'string' ? seen.see('text', value) : seen.see(value.kind, value.id)));
  await new Promise((resolve, reject) => connection.start({ transport: stage.transport, waitForPageLoad: false }).done(resolve).fail(reject));
  await seen.sees('connected', connection.id);
  return { connection, seen, id: connection.id };
}

// A join is not answered, and calls of one client are handled side by side.
async function untilMember(sender, member, group) {
  for (let attempt = 0; ; attempt++) {
    const text = `attempt-${attempt}`;
    sender.connection.send(`group ${group} ${text}`);
    sender.connection.send(`sent-${attempt}`);
    await sender.seen.sees('text', `sent-${attempt}`);
    if (attempts(member).length > 0) return;
    if (attempt === 100) throw new Error('the group was not joined');
  }
}

function attempts({ seen }) {
  return seen.all('text').filter(value => String(value).startsWith('attempt-'));
}
