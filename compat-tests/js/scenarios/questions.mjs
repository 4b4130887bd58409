import { contains, equal, within } from '../check.mjs';

/** Client results: the hub asks one client and waits for its answer. */
export const questions = {
  async a_client_answers_the_hub(stage) {
    const [asking, asked] = [await stage.connect(), await stage.connect()];
    asked.connection.on('Question', question => `${question} Yes, ünd.`);
    equal(await asking.invoke('Ask', asked.connectionId, 'Is it raining?'), 'answer: Is it raining? Yes, ünd.', 'the answer');
  },

  async a_client_answers_its_own_invocation(stage) {
    const client = await stage.connect({ hub: 'parallel' });
    client.connection.on('Question', async question => `${question} Me.`);
    equal(await client.invoke('AskMe', 'Who is there?'), 'answer: Who is there? Me.', 'the answer');
  },

  async a_client_that_fails_to_answer_says_so(stage) {
    const [asking, asked] = [await stage.connect(), await stage.connect()];
    asked.connection.on('Question', () => { throw new Error('no idea'); });
    contains(await asking.invoke('Ask', asked.connectionId, 'What is it?'), 'error: ', 'the answer');
  },

  async a_client_without_an_answer_says_so(stage) {
    const [asking, asked] = [await stage.connect(), await stage.connect()];
    contains(await asking.invoke('Ask', asked.connectionId, 'Anybody?'), "error: Client didn't provide a result", 'the answer');
  },

  async a_question_to_nobody_is_an_error(stage) {
    const asking = await stage.connect();
    contains(await asking.invoke('Ask', 'nobody', 'Anybody?'), 'error: ', 'the answer');
  },

  async a_question_ends_with_its_client(stage) {
    const [asking, asked] = [await stage.connect(), await stage.connect()];
    const heard = new Promise(resolve => asked.connection.on('Question', () => new Promise(() => resolve())));
    const answer = asking.invoke('Ask', asked.connectionId, 'Are you leaving?');
    await within(heard, 'the question');
    await asked.stop();
    contains(await answer, 'error: ', 'the answer');
  },

  async invocations_of_one_client_run_side_by_side_where_allowed(stage) {
    const client = await stage.connect({ hub: 'parallel' });
    const what = stage.unique('event');
    const waiting = client.invoke('WaitFor', what);
    await client.invoke('Note', what);
    equal(await waiting, 'noted', 'what the first invocation waited for');
  },
};
