import { contains, equal, fails, lacks, ok } from '../check.mjs';

export const connections = {
  async the_client_connects_to_the_right_place(stage) {
    const routes = [];
    const logger = {
      log(_, text) { routes.push(...Array.from(text.matchAll(/(?:WebSocket|SSE) connected to (\S+?)\.?$/g), match => match[1])); },
    };
    class Recorder extends stage.signalR.DefaultHttpClient {
      send(request) {
        if (stage.transport === 'longPolling' && request.method === 'GET') routes.push(request.url);
        return super.send(request);
      }
    }
    const client = await stage.connect({ logger, options: { httpClient: new Recorder(stage.signalR.NullLogger.instance) } });
    const [welcome] = await client.count('Welcome', 1);
    equal(client.connectionId, welcome, 'the connection id');
    ok(routes.length > 0, 'that the route is known');
    for (const route of routes.map(route => new URL(route))) {
      equal(route.origin.replace(/^ws/, 'http'), stage.connectsTo, 'where the client connected');
      equal(route.pathname.replace(/\/$/, ''), stage.throughGateway ? '/client' : '/compat', 'the path');
    }
  },

  async the_hub_sees_the_request(stage) {
    const settings = { query: '?colour=gr%C3%BCn%20%26%20blau&user=ann', options: { headers: { 'X-Compat': 'a header' } } };
    const facts = await (await stage.connect(settings)).invoke('GetHttpFacts');
    equal(facts.path, '/compat', 'the path');
    equal(facts.colour, 'grün & blau', 'a parameter of the query');
    equal(facts.isLoopback, true, 'that the remote address is the client\'s');
    // Browsers send no headers of a page with a WebSocket or an event stream; their own they do.
    if (stage.runtime === 'node' || stage.transport === 'longPolling') equal(facts.header, 'a header', 'the header');
    if (stage.runtime === 'browser') contains(facts.userAgent, 'Chrome', 'the user agent');
    if (stage.throughGateway) {
      equal(facts.hasAuthorizationHeader, false, 'that the access token stays at the gateway');
      lacks(facts.queryKeys, 'access_token', 'the query');
      lacks(facts.queryKeys, 'asrs', 'the query');
    }
  },

  async hub_filters_run(stage) {
    const client = await stage.connect();
    equal(await client.invoke('Stamped'), 'connected, invoked', 'the stamp');
  },

  async who_is_not_signed_in_is_refused(stage) {
    const error = await fails(stage.connect({ hub: 'members' }), 'start');
    contains(error.message, '401', 'the error');
  },

  async who_may_not_is_refused(stage) {
    const error = await fails(stage.connect({ hub: 'administrators', token: await stage.token('ann') }), 'start');
    contains(error.message, '403', 'the error');
  },

  async a_hub_that_does_not_exist_is_refused(stage) {
    const error = await fails(stage.connect({ hub: 'nowhere' }), 'start');
    contains(error.message, '404', 'the error');
  },

  async a_user_with_too_many_claims_is_refused(stage) {
    if (!stage.throughGateway) return; // a token is for the gateway
    const token = await stage.token('a'.repeat(4200));
    const error = await fails(stage.connect({ hub: 'members', token }), 'start');
    contains(error.message, '413', 'the error');
  },

  async claims_arrive_with_the_user(stage) {
    const user = stage.unique('ann');
    const ann = await stage.connect({ hub: 'members', token: await stage.token(user, 'administrator') });
    const identity = await ann.invoke('WhoAmI');
    const { claimTypes, ...rest } = identity;
    equal(rest, { user, name: user, isAuthenticated: true, isAdministrator: true, colours: ['blue', 'grün'] }, 'the identity');
    lacks(claimTypes, 'asrs', 'the claims');
    equal(await ann.invoke('Administrate'), 'done', 'what an administrator may do');
  },

  async a_method_refuses_who_may_not(stage) {
    const ben = await stage.connect({ hub: 'members', token: await stage.token(stage.unique('ben')) });
    equal((await ben.invoke('WhoAmI')).isAdministrator, false, 'that this is no administrator');
    const error = await fails(ben.invoke('Administrate'), 'the invocation');
    contains(error.message, 'user is unauthorized', 'the error');
  },

  async the_hub_closes_a_connection(stage) {
    const [client, other] = [await stage.connect(), await stage.connect()];
    const { connectionId } = client;
    await client.send('Abort');
    await client.closed();
    equal(client.state, 'Disconnected', 'the state');
    equal(await other.invoke('WaitForEndOf', connectionId), '', 'how it ended for the hub');
  },

  async a_client_stops_in_good_order(stage) {
    const [client, other] = [await stage.connect(), await stage.connect()];
    const { connectionId } = client;
    await client.stop();
    equal(await client.closed() ?? null, null, 'the error of the close');
    equal(await other.invoke('WaitForEndOf', connectionId), '', 'how it ended for the hub');
  },

  async a_stopped_client_starts_again(stage) {
    const client = await stage.connect();
    const first = client.connectionId;
    await client.stop();
    await client.start();
    ok(client.connectionId !== first, 'that the connection id is a new one');
    equal(await client.invoke('Add', 2, 3), 5, 'the sum');
  },

  async too_large_a_message_ends_its_connection(stage) {
    const [client, other] = [await stage.connect(), await stage.connect()];
    const { connectionId } = client;
    // Where a message has a request of its own, that request fails; elsewhere the connection does.
    await Promise.race([fails(client.invoke('Echo', 'x'.repeat(3 * 1024 * 1024)), 'the invocation'), client.closed()]);
    await client.closed();
    await other.invoke('WaitForEndOf', connectionId);
    equal(await other.invoke('Add', 2, 3), 5, "another client's sum");
  },
};
