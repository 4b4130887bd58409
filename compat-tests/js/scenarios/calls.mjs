import { contains, equal, fails, lacks } from '../check.mjs';

export const calls = {
  async invoke_returns_a_result(stage) {
    const client = await stage.connect();
    equal(await client.invoke('Add', 19, 23), 42, 'the sum');
  },

  async invoke_of_a_void_method_completes(stage) {
    const client = await stage.connect();
    equal(await client.invoke('Nothing') ?? null, null, 'the result of a void method');
    equal(await client.invoke('NothingLater') ?? null, null, 'the result of a task');
  },

  async many_invocations_at_once_find_their_results(stage) {
    const client = await stage.connect();
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    equal(await Promise.all(numbers.map(number => client.invoke('Add', number, 1000))), numbers.map(number => number + 1000), 'the results');
  },

  async a_hub_exception_reaches_the_caller(stage) {
    const client = await stage.connect();
    const error = await fails(client.invoke('FailForTheCaller', 'no more tickets'), 'the invocation');
    contains(error.message, 'HubException: no more tickets', 'the error');
    equal(await client.invoke('Add', 1, 1), 2, 'the next invocation');
  },

  async any_other_exception_stays_secret(stage) {
    const client = await stage.connect();
    const error = await fails(client.invoke('FailInside', 'password 1234'), 'the invocation');
    contains(error.message, "An unexpected error occurred invoking 'FailInside' on the server", 'the error');
    lacks(error.message, '1234', 'the error');
  },

  async an_unknown_method_is_an_error(stage) {
    const client = await stage.connect();
    const error = await fails(client.invoke('NoSuchMethod'), 'the invocation');
    contains(error.message, 'NoSuchMethod', 'the error');
    equal(await client.invoke('Add', 1, 1), 2, 'the next invocation');
  },

  async sends_arrive_in_order(stage) {
    const client = await stage.connect();
    const list = stage.unique('list');
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    await Promise.all(numbers.map(number => client.send('Append', list, number)));
    equal(await client.invoke('Appended', list), numbers, 'what arrived');
  },

  async text_of_all_kinds_comes_back_unchanged(stage) {
    const client = await stage.connect();
    const text = 'Grüße, Ελλάδα, עברית, 中文, 👩‍👩‍👧 \u2028\u2029 "\\/" \u0001\u001e\u001f\u007f \r\n\n data: <b>&amp;</b> end';
    equal(await client.invoke('Echo', text), text, 'the text');
    equal(await client.invoke('Echo', ''), '', 'the empty text');
  },

  async bytes_come_back_unchanged(stage) {
    const client = await stage.connect();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    // In JSON, bytes are base64 text.
    const sent = stage.isBinary ? bytes : btoa(String.fromCharCode(...bytes));
    const received = await client.invoke('EchoBytes', sent);
    equal(stage.isBinary ? Array.from(received) : received, stage.isBinary ? Array.from(bytes) : sent, 'the bytes');
  },

  async objects_come_back_unchanged(stage) {
    const client = await stage.connect();
    const inside = { name: null, weight: -0.25, fragile: false, labels: [], inside: null };
    const parcel = { name: 'Päckchen', weight: 1234.5678, fragile: true, labels: ['a', '', 'ü'], inside };
    equal(await client.invoke('EchoParcel', parcel), parcel, 'the object');
  },

  async a_message_of_60_kB_passes_both_ways(stage) {
    await echo(stage, 60_000);
  },

  async a_message_of_1_MiB_passes_both_ways(stage) {
    await echo(stage, 1024 * 1024);
  },
};

async function echo(stage, length) {
  const client = await stage.connect();
  const text = Array.from({ length: length / 8 }, (_, index) => String(index).padStart(8, '.')).join('');
  const echoed = await client.invoke('Echo', text);
  equal(echoed.length, length, 'the length');
  equal(echoed === text, true, 'that the text is the same');
}
