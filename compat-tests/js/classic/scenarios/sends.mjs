import { equal } from '../../check.mjs';

// Whoever must not get a message is shown not to have it by a later one that everybody gets: both come from one hub, in order.

export const sends = {
  async a_broadcast_reaches_everybody(stage) {
    const [ann, ben, text] = [await stage.connect(), await stage.connect(), stage.unique('hello')];
    await ann.invoke('Broadcast', text);
    await Promise.all([ann.sees('all', text), ben.sees('all', text)]);
  },

  async others_except_and_caller_are_told_apart(stage) {
    const [ann, ben, eve] = [await stage.connect(), await stage.connect(), await stage.connect()];
    const [others, except, caller, last] = ['others', 'except', 'caller', 'last'].map(name => stage.unique(name));
    await ann.invoke('BroadcastOthers', others);
    await ann.invoke('BroadcastExcept', except, [ann.id, eve.id]);
    await ann.invoke('ToCaller', caller);
    await ann.invoke('Broadcast', last);
    await Promise.all([ann, ben, eve].map(client => client.sees('all', last)));
    await ann.sees('caller', caller);
    equal([ann, ben, eve].map(client => client.has('others', others)), [false, true, true], 'who got what was for others');
    equal([ann, ben, eve].map(client => client.has('except', except)), [false, true, false], 'who got what excluded two');
    equal([ann, ben, eve].map(client => client.has('caller', caller)), [true, false, false], 'who got what was for the caller');
  },

  async single_clients_are_addressed(stage) {
    const [ann, ben, eve] = [await stage.connect(), await stage.connect(), await stage.connect()];
    const [one, two, last] = ['one', 'two', 'last'].map(name => stage.unique(name));
    await ann.invoke('ToConnection', ben.id, one);
    await ann.invoke('ToConnections', [ben.id, eve.id], two);
    await Promise.all([ben.sees('client', one), ben.sees('clients', two), eve.sees('clients', two)]);
    await ann.invoke('Broadcast', last);
    await Promise.all([ann, ben, eve].map(client => client.sees('all', last)));
    equal([ann, ben, eve].map(client => client.has('client', one)), [false, true, false], 'who got the first');
    equal([ann, ben, eve].map(client => client.has('clients', two)), [false, true, true], 'who got the second');
  },

  async users_are_addressed(stage) {
    const [ann, ben, other] = [await stage.connect({ user: 'ann' }), await stage.connect({ user: 'ben' }), await stage.connect()];
    const [one, two] = [stage.unique('one'), stage.unique('two')];
    await other.invoke('ToUser', 'ben', one);
    await other.invoke('ToUsers', ['ann', 'ben'], two);
    await Promise.all([ben.sees('user', one), ben.sees('users', two), ann.sees('users', two)]);
    equal([ann.has('user', one), other.has('users', two)], [false, false], 'who got what was not for him');
  },

  async a_group_is_joined_and_left(stage) {
    const [ann, ben, group] = [await stage.connect(), await stage.connect(), stage.unique('g|1,x\\y')];
    const [before, during, after, last] = ['before', 'during', 'after', 'last'].map(name => stage.unique(name));
    const kind = `group:${group}`;
    await ann.invoke('SendGroup', group, before);
    await ben.invoke('JoinGroup', group);
    await ann.invoke('SendGroup', group, during);
    await ben.sees(kind, during);
    await ben.invoke('LeaveGroup', group);
    await ann.invoke('SendGroup', group, after);
    await ann.invoke('ToConnection', ben.id, last);
    await ben.sees('client', last);
    equal([before, during, after].map(text => ben.has(kind, text)), [false, true, false], 'what the member got');
    equal(ann.all(kind), [], 'what got who is no member');
  },

  async groups_are_addressed(stage) {
    const [ann, ben, one, two] = [await stage.connect(), await stage.connect(), stage.unique('one'), stage.unique('two')];
    const [both, others, last] = ['both', 'others', 'last'].map(name => stage.unique(name));
    await ann.invoke('JoinGroup', one);
    await ben.invoke('JoinGroup', one);
    await ben.invoke('JoinGroup', two);
    await ann.invoke('SendGroups', [one, two], both);
    await ann.invoke('SendGroupOthers', one, others);
    await Promise.all([ben.count('groups', 2), ben.sees(`groupOthers:${one}`, others), ann.sees('groups', both)]);
    await ann.invoke('ToConnection', ann.id, last);
    await ann.sees('client', last);
    equal([ann.all('groups'), ben.all('groups')], [[both], [both, both]], 'what groups together got');
    equal(ann.all(`groupOthers:${one}`), [], 'what the sender got of what was for the others');
  },

  async a_burst_arrives_in_order(stage) {
    const [client, other] = [await stage.connect(), await stage.connect()];
    await Promise.all([client.invoke('Burst', 200), other.invoke('Burst', 50)]);
    equal(await client.count('item', 200), upTo(200), 'the items');
    equal(await other.count('item', 50), upTo(50), "the other client's items");
  },
};

function upTo(count) {
  return Array.from({ length: count }, (_, index) => index);
}
