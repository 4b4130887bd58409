import { contains, equal, fails, ok } from '../../check.mjs';

export const calls = {
  async results_of_every_shape_come_back(stage) {
    const client = await stage.connect();
    const text = 'Grüße, 世界 🎉 <b>&"\\\u2028';
    equal(await client.invoke('Echo', text), text, 'a text');
    equal(await client.invoke('Add', 40, 2), 42, 'a number');
    const value = { a: [1, null, 'x'], b: 1.5, c: true, d: { e: {} } };
    equal(await client.invoke('EchoAny', value), value, 'an object');
    equal(await client.invoke('EchoPoint', { X: 1, Y: -2, Label: 'p' }), { X: 1, Y: -2, Label: 'p' }, 'a typed object');
    equal(await client.invoke('Null') ?? null, null, 'null');
    equal(await client.invoke('Nothing') ?? null, null, 'nothing');
  },

  async asynchronous_methods_are_awaited(stage) {
    const client = await stage.connect();
    equal(await client.invoke('NothingAsync') ?? null, null, 'nothing');
    equal(await client.invoke('Later', 20), 20, 'a number');
    const results = await Promise.all([30, 1, 15].map(milliseconds => client.invoke('Later', milliseconds)));
    equal(results, [30, 1, 15], 'three calls at once');
  },

  async overloads_are_told_apart_by_count(stage) {
    const client = await stage.connect();
    equal(await client.invoke('Optional', 'a'), 'one:a', 'with one argument');
    equal(await client.invoke('Optional', 'a', 'b'), 'two:a,b', 'with two');
  },

  async errors_come_back_without_details(stage) {
    const client = await stage.connect();
    for (const method of ['Throw', 'ThrowAsync']) {
      const error = await fails(client.invoke(method, 'secret reason'), method);
      equal(error.message, `There was an error invoking Hub method 'oracle.${method}'.`, 'the message');
    }
    equal(await client.invoke('Add', 1, 1), 2, 'the next call');
  },

  async hub_exceptions_come_back_with_their_data(stage) {
    const client = await stage.connect();
    const plain = await fails(client.invoke('ThrowHub', 'wrong by ½'), 'ThrowHub');
    equal([plain.message, plain.source], ['wrong by ½', 'HubException'], 'the error');
    const error = await fails(client.invoke('ThrowHubData', 'wrong'), 'ThrowHubData');
    equal([error.message, error.data], ['wrong', { code: 42, why: 'wrong' }], 'the error with data');
  },

  async unknown_methods_fail(stage) {
    const client = await stage.connect();
    contains((await fails(client.invoke('NoSuchMethod', 1), 'NoSuchMethod')).message, "'oracle.NoSuchMethod'", 'the message');
    contains((await fails(client.invoke('Add', 1), 'Add')).message, "'oracle.Add'", 'the message for a wrong count');
    equal(await client.invoke('Add', 1, 1), 2, 'the next call');
  },

  async methods_for_users_refuse_strangers(stage) {
    const [stranger, ann] = [await stage.connect(), await stage.connect({ user: 'ann' })];
    equal((await fails(stranger.invoke('Secret'), 'Secret')).message, "There was an error invoking Hub method 'oracle.Secret'.", 'the error');
    equal(await ann.invoke('Secret'), 'secret for ann', 'the result');
    equal((await ann.invoke('WhoAmI')).user, 'ann', 'the user');
  },

  async progress_is_reported(stage) {
    const client = await stage.connect();
    const reported = [];
    const onProgress = value => {
      reported.push(value);
      if (value === 100) client.invoke('SawProgress');
    };
    equal(await client.invokeWithProgress(onProgress, 'Progress', 4), 'done 4', 'the result');
    equal(reported, [25, 50, 75, 100], 'the reports');
  },

  async state_goes_there_and_back(stage) {
    const client = await stage.connect();
    client.state.userName = 'ann';
    equal(await client.invoke('State'), 'hello ann', 'the result');
    equal(await client.invoke('State'), 'hello ann', 'the result');
    equal([client.state.count, client.state.stamp], [2, 's1'], 'the state');
    await client.invoke('StateThenCall', 'v1');
    await client.sees('state', 'v1');
    equal(client.state.fromServer, 'v1', 'the state that came with a call of the server');
  },

  async large_messages_pass_both_ways(stage) {
    const client = await stage.connect();
    const text = 'x'.repeat(60_000);
    equal((await client.invoke('Echo', text)).length, text.length, 'what went up');
    equal((await client.invoke('Big', 1_048_576)).length, 1_048_576, 'what came down');
    equal(await client.invoke('Add', 1, 1), 2, 'the next call');
  },

  async two_hubs_share_a_connection(stage) {
    const client = await stage.connect({ hubs: ['oracle', 'secondHub', 'typedHub'] });
    const [shout, announced, note] = ['shout', 'announced', 'note'].map(name => stage.unique(name));
    equal(await client.invokeOn('secondHub', 'Ping', 'x'), 'second:x', 'the other hub');
    equal(await client.invoke('Echo', 'x'), 'x', 'the first hub');
    await client.invokeOn('secondHub', 'Shout', shout);
    await client.invokeOn('secondHub', 'Announce', announced);
    await client.invokeOn('typedHub', 'Send', note);
    await Promise.all([client.sees('shout', shout), client.sees('shout', announced), client.sees('note', `${note} ${note.length}`)]);
  },

  async a_hub_that_was_not_named_sends_nothing(stage) {
    const [client, other] = [await stage.connect(), await stage.connect({ hubs: ['secondHub'] })];
    const [text, last] = [stage.unique('text'), stage.unique('last')];
    await client.invoke('Broadcast', text);
    await client.sees('all', text);
    await other.invokeOn('secondHub', 'Shout', last);
    await other.sees('shout', last);
    // Whatever else was sent before has come as well when something of now is there.
    await client.invoke('ToCaller', last);
    await client.sees('caller', last);
    await client.invoke('Broadcast', last);
    await client.sees('all', last);
    await other.invokeOn('secondHub', 'Shout', text);
    await other.sees('shout', text);
    ok(client.all('from oracle').length > 0 && other.all('from secondhub').length > 0, 'that what comes is seen');
    equal([client.all('from secondhub'), other.all('from oracle')], [[], []], 'what came to the wrong client');
  },
};
