import { contains, equal, fails, within } from '../check.mjs';

export const streams = {
  async a_stream_comes_down(stage) {
    const client = await stage.connect();
    equal(await client.stream('Count', 100), upTo(100), 'the items');
    equal(await client.stream('CountInChannel', 100), upTo(100), 'the items of a channel');
    equal(await client.stream('Count', 0), [], 'an empty stream');
  },

  async a_stream_down_ends_with_its_error(stage) {
    const client = await stage.connect();
    const error = await fails(client.stream('CountAndFail', 3), 'the stream');
    contains(error.message, 'counted enough', 'the error');
    equal(error.items, [0, 1, 2], 'the items before it');
  },

  async a_stream_goes_up(stage) {
    const client = await stage.connect();
    equal(await upload(stage, upTo(100), subject => client.invoke('Sum', subject)), 4950, 'the sum');
    equal(await upload(stage, upTo(100), subject => client.invoke('SumOfChannel', 50, subject)), 5000, 'the sum of a channel');
  },

  async a_stream_up_ends_with_its_error(stage) {
    const client = await stage.connect();
    const subject = new stage.signalR.Subject();
    const invocation = client.invoke('ErrorOf', subject);
    subject.next(1);
    subject.error(new Error('lost my place'));
    contains(await invocation, 'lost my place', 'what the hub was told');
  },

  async streams_go_both_ways(stage) {
    const client = await stage.connect();
    const subject = new stage.signalR.Subject();
    const replies = client.stream('Shout', subject);
    for (const word of ['one', 'two', 'drei']) subject.next(word);
    subject.complete();
    equal(await replies, ['ONE', 'TWO', 'DREI'], 'the items');
  },

  async a_cancelled_stream_stops_the_hub(stage) {
    const client = await stage.connect();
    const name = stage.unique('count');
    let subscription;
    await within(new Promise((resolve, reject) => {
      subscription = client.connection.stream('CountForever', name).subscribe({
        next: item => item === 3 && resolve(),
        complete: () => reject(new Error('the stream ended')),
        error: reject,
      });
    }), 'the first items');
    subscription.dispose();
    equal(await client.invoke('WaitForCancelOf', name), 'cancelled', 'how the hub method ended');
    equal(await client.invoke('Add', 1, 1), 2, 'the next invocation');
  },

  async a_stream_ends_with_its_client(stage) {
    const client = await stage.connect();
    const other = await stage.connect();
    const name = stage.unique('count');
    await within(new Promise((resolve, reject) => client.connection.stream('CountForever', name).subscribe({
      next: resolve,
      complete() {},
      error: reject,
    })), 'the first item');
    await client.stop();
    equal(await other.invoke('WaitForCancelOf', name), 'cancelled', 'how the hub method ended');
  },
};

function upTo(count) {
  return Array.from({ length: count }, (_, index) => index);
}

async function upload(stage, numbers, start) {
  const subject = new stage.signalR.Subject();
  const result = start(subject);
  for (const number of numbers) subject.next(number);
  subject.complete();
  return result;
}
