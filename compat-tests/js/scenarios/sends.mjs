import { equal, ok } from '../check.mjs';

// That somebody did not get a message is seen in order: what one client makes the hub send reaches each recipient in
// the order of sending, so the message must be there before a later one that is for everybody.

export const sends = {
  async a_broadcast_reaches_everybody(stage) {
    const [ann, ben, text] = [await stage.connect(), await stage.connect(), stage.unique('hello')];
    await ann.invoke('SendToAll', text);
    await Promise.all([ann.sees(text), ben.sees(text)]);
  },

  async broadcasts_arrive_in_order(stage) {
    const clients = [await stage.connect(), await stage.connect(), await stage.connect()];
    const [all, own] = [stage.unique('all'), stage.unique('own')];
    await clients[0].invoke('BurstToAll', all, 200);
    await clients[1].invoke('BurstToCaller', own, 200);
    const expected = Array.from({ length: 200 }, (_, index) => index);
    for (const client of clients) equal(await client.count(`Number ${all}`, 200), expected, 'the numbers');
    equal(await clients[1].count(`Number ${own}`, 200), expected, "the caller's numbers");
  },

  async caller_and_others_are_told_apart(stage) {
    const [ann, ben] = [await stage.connect(), await stage.connect()];
    const [mine, theirs, last] = [stage.unique('mine'), stage.unique('theirs'), stage.unique('last')];
    await ann.invoke('SendToCaller', mine);
    await ann.invoke('SendToOthers', theirs);
    await ann.invoke('SendToAll', last);
    await Promise.all([ann.sees(last), ben.sees(last)]);
    equal([ann.has(mine), ann.has(theirs)], [true, false], 'what the caller got');
    equal([ben.has(mine), ben.has(theirs)], [false, true], 'what the other got');
  },

  async an_excluded_client_gets_nothing(stage) {
    const [ann, ben, eve] = [await stage.connect(), await stage.connect(), await stage.connect()];
    const [some, last] = [stage.unique('some'), stage.unique('last')];
    await ann.invoke('SendToAllExcept', [eve.connectionId, ann.connectionId], some);
    await ann.invoke('SendToAll', last);
    await Promise.all([ann, ben, eve].map(client => client.sees(last)));
    equal([ann, ben, eve].map(client => client.has(some)), [false, true, false], 'who got it');
  },

  async single_clients_are_addressed(stage) {
    const [ann, ben, eve] = [await stage.connect(), await stage.connect(), await stage.connect()];
    const [one, two, last] = [stage.unique('one'), stage.unique('two'), stage.unique('last')];
    await ann.invoke('SendToClient', ben.connectionId, one);
    await ann.invoke('SendToClients', [ben.connectionId, eve.connectionId], two);
    await ann.invoke('SendToClient', 'nobody', one);
    await ann.invoke('SendToAll', last);
    await Promise.all([ann, ben, eve].map(client => client.sees(last)));
    equal([ann, ben, eve].map(client => client.has(one)), [false, true, false], 'who got the first');
    equal([ann, ben, eve].map(client => client.has(two)), [false, true, true], 'who got the second');
  },

  async a_group_is_joined_and_left(stage) {
    const [ann, ben, group] = [await stage.connect(), await stage.connect(), stage.unique('group')];
    const [before, during, after, last] = ['before', 'during', 'after', 'last'].map(name => stage.unique(name));
    await ann.invoke('SendToGroup', group, before);
    await ben.invoke('JoinGroup', group);
    await ann.invoke('SendToGroup', group, during);
    await ben.sees(during);
    await ben.invoke('LeaveGroup', group);
    await ann.invoke('SendToGroup', group, after);
    await ann.invoke('SendToAll', last);
    await Promise.all([ann.sees(last), ben.sees(last)]);
    equal([before, during, after].map(text => ben.has(text)), [false, true, false], 'what the member got');
    ok(!ann.has(during), 'that who is not a member gets nothing');
  },

  async who_joins_and_sends_at_once_gets_it(stage) {
    const [client, text] = [await stage.connect(), stage.unique('welcome')];
    await client.invoke('JoinGroupAndSend', stage.unique('group'), text);
    await client.sees(text);
  },

  async group_members_are_excluded(stage) {
    const [ann, ben, eve, group] = [await stage.connect(), await stage.connect(), await stage.connect(), stage.unique('group')];
    const [some, others, several, last] = ['some', 'others', 'several', 'last'].map(name => stage.unique(name));
    for (const client of [ann, ben, eve]) await client.invoke('JoinGroup', group);
    await ann.invoke('SendToGroupExcept', group, [eve.connectionId], some);
    await ann.invoke('SendToOthersInGroup', group, others);
    await ann.invoke('SendToGroups', [group, 'nobody is in here'], several);
    await ann.invoke('SendToGroup', group, last);
    await Promise.all([ann, ben, eve].map(client => client.sees(last)));
    equal([ann, ben, eve].map(client => client.has(some)), [true, true, false], 'who got the first');
    equal([ann, ben, eve].map(client => client.has(others)), [false, true, true], 'who got the second');
    equal([ann, ben, eve].map(client => client.has(several)), [true, true, true], 'who got the third');
  },

  async a_user_is_addressed_on_all_connections(stage) {
    const [ann, ben] = [stage.unique('ann'), stage.unique('ben')];
    const of = user => stage.connect({ query: `?user=${encodeURIComponent(user)}` });
    const [first, second, other] = [await of(ann), await of(ann), await of(ben)];
    const [one, both, last] = [stage.unique('one'), stage.unique('both'), stage.unique('last')];
    equal(await first.invoke('WhoAmI'), ann, 'the user');
    await other.invoke('SendToUser', ann, one);
    await other.invoke('SendToUsers', [ann, ben], both);
    await other.invoke('SendToAll', last);
    await Promise.all([first, second, other].map(client => client.sees(last)));
    equal([first, second, other].map(client => client.has(one)), [true, true, false], 'who got the first');
    equal([first, second, other].map(client => client.has(both)), [true, true, true], 'who got the second');
  },

  async the_application_sends_from_outside_its_hubs(stage) {
    const [ann, ben, text] = [await stage.connect(), await stage.connect(), stage.unique('announced')];
    const response = await fetch(`${stage.app}/announce?text=${encodeURIComponent(text)}`, { method: 'POST' });
    equal(response.status, 200, 'the status');
    await Promise.all([ann.sees(text), ben.sees(text)]);
  },

  async a_typed_hub_calls_its_clients(stage) {
    const [ann, ben] = [await stage.connect({ hub: 'typed' }), await stage.connect({ hub: 'typed' })];
    const text = stage.unique('typed');
    ben.connection.on('HowMany', () => 7);
    await ann.invoke('TellAll', text, 5);
    await ben.sees(`${text} 5`, 'Told');
    equal(await ann.invoke('AskHowMany', ben.connectionId), 7, 'the answer');
  },
};
