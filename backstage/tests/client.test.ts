import { inject, test } from 'vitest';
import { BerthClient, BerthError, followOperation, type RecordedEvent } from '@berth/backstage-plugin-berth-common';
import { minimalRequest } from './requests';

const baseUrl = inject('berthUrl');

test('A connection that is lost in the middle is taken up again: no event is missing and none comes twice', async () => {
  let opened = 0;
  const fetchAndLose: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (!answer.headers.get('content-type')?.includes('event-stream') || ++opened > 3) return answer;
    return new Response(answer.body?.pipeThrough(cutAfter(1)), answer);
  };
  const client = new BerthClient({ baseUrl, fetch: fetchAndLose });
  const { operation } = await client.createEnvironment(minimalRequest('followed'), 'preview');
  const sequences: number[] = [];
  let end = '';
  for await (const event of followOperation(client, operation.id)) {
    if ('payload' in event) sequences.push((event as RecordedEvent).sequence);
    else end = event.state;
  }
  expect(opened).toBeGreaterThan(1);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  expect(end).toBe('succeeded');
});

test('An error has the code, the status and whether to try again', async () => {
  const client = new BerthClient({ baseUrl });
  const error = await client.getOperation('op_0192f0c1a7b87c3d9e5f60718293a4b5').catch((one: unknown) => one);
  expect(error).toBeInstanceOf(BerthError);
  expect(error).toMatchObject({ code: 'operation_not_found', status: 404, isRetryable: false });
});

test('What is no answer of Berth, a page of a proxy say, becomes an error too', async () => {
  const client = new BerthClient({ baseUrl, fetch: async () => new Response('<h1>Bad gateway</h1>', { status: 502 }) });
  await expect(client.getOperation('op_1')).rejects.toMatchObject({ code: 'unexpected_answer', isRetryable: true });
});

function cutAfter(chunks: number): TransformStream<Uint8Array, Uint8Array> {
  let left = chunks;
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      if (--left === 0) controller.terminate();
    },
  });
}
