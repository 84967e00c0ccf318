import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { openPost, settle } from '../support/open-client.ts';
import { inBothForms, questionOf, RELAYED, TRANSLATED } from '../support/pairs.ts';
import { requestLines } from '../support/request-lines.ts';

const PAIRS = [...RELAYED, ...TRANSLATED];

describe('an upstream that does not begin to answer', () => {
  it.each(inBothForms(PAIRS))('is a 504: $path $model, streaming: $stream', async (pair) => {
    const { url, clock, sandbox, logger } = await startGateway({
      config: { timeouts: { first_byte_ms: 5_000 } },
    });
    sandbox.script({ failure: 'silent' });
    const client = openPost(url + pair.path, questionOf(pair, pair.stream));
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    clock.advance(4_999);
    await settle();
    expect(sandbox.open()).toBe(1);
    clock.advance(1);
    const head = await client.head;
    expect(head.statusCode).toBe(504);
    expect(await client.over).toBe(true);
    expect(client.text()).toContain('did not begin to answer within 5 s');
    await sandbox.waitFor(() => sandbox.open() === 0);
    expect(requestLines(logger)).toEqual([expect.objectContaining({ status: 504, errorKind: 'timeout' })]);
    expect(clock.pending()).toBe(0);
  });

  it.each(PAIRS)('is told inside a stream that has begun with heartbeats: $path $model', async (pair) => {
    const { url, clock, sandbox } = await startGateway({ config: { timeouts: { first_byte_ms: 20_000 } } });
    sandbox.script({ failure: 'silent' });
    const client = openPost(url + pair.path, questionOf(pair, true));
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    clock.advance(20_000);
    expect(await client.over).toBe(true);
    expect((await client.head).statusCode).toBe(200);
    expect(client.text()).toContain('did not begin to answer within 20 s');
    expect(client.text()).not.toMatch(pair.ends);
    await sandbox.waitFor(() => sandbox.open() === 0);
  });
});

describe('an upstream that falls silent', () => {
  const config = { timeouts: { idle_ms: 20_000 } };

  it.each(PAIRS)('ends a stream with an error event and no terminator: $path $model', async (pair) => {
    const { url, clock, sandbox, logger } = await startGateway({ config });
    sandbox.script({ failure: 'stall' });
    const client = openPost(url + pair.path, questionOf(pair, true));
    await client.seen((text) => text.endsWith('\n\n'));
    clock.advance(21_000);
    await client.over;
    expect(client.text()).toContain('the upstream sent nothing for 20 s');
    expect(client.text()).not.toMatch(pair.ends);
    await sandbox.waitFor(() => sandbox.open() === 0);
    expect(requestLines(logger)).toEqual([expect.objectContaining({ status: 200, errorKind: 'timeout' })]);
    expect(clock.pending()).toBe(0);
  });

  it.each(RELAYED)('leaves a relayed JSON body visibly incomplete: $path', async (pair) => {
    const { url, clock, sandbox } = await startGateway({ config });
    sandbox.script({ failure: 'stall' });
    const client = openPost(url + pair.path, questionOf(pair, false));
    await client.seen((text) => text.startsWith('{'));
    clock.advance(21_000);
    expect(await client.over).toBe(false);
    await sandbox.waitFor(() => sandbox.open() === 0);
  });

  it.each(TRANSLATED)('is a 504 while a JSON answer is gathered: $model', async (pair) => {
    const { url, clock, sandbox } = await startGateway({ config });
    sandbox.script({ failure: 'stall' });
    const client = openPost(url + pair.path, questionOf(pair, false));
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    await settle();
    clock.advance(21_000);
    expect((await client.head).statusCode).toBe(504);
    await sandbox.waitFor(() => sandbox.open() === 0);
  });

  it.each([...RELAYED])('is not silent while it sends comments: $path', async (pair) => {
    const { url, clock, sandbox } = await startGateway({ config });
    let say: (text: string) => void = () => undefined;
    sandbox.script({
      handler: (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: {"type":"x"}\n\n');
        say = (text) => void response.write(text);
      },
    });
    const client = openPost(url + pair.path, questionOf(pair, true));
    await client.seen((text) => text !== '');
    clock.advance(14_000);
    say(': one\n\n');
    await client.seen((text) => text.includes(': one'));
    clock.advance(14_000);
    say(': two\n\n');
    await client.seen((text) => text.includes(': two'));
    expect(sandbox.open()).toBe(1);
    client.leave();
  });
});

describe('an upstream that does not come to an end', () => {
  it.each(PAIRS)('with its refusal is told by what it said in 10 s: $path $model', async (pair) => {
    const { url, clock, sandbox } = await startGateway();
    const headers = { 'content-type': 'application/json' };
    sandbox.script({ status: 403, headers, chunks: ['{"error":{"message":"No'], ending: 'hang' });
    const client = openPost(url + pair.path, questionOf(pair, false));
    await sandbox.waitFor(() => sandbox.requests.length === 1);
    await settle();
    clock.advance(10_000);
    expect((await client.head).statusCode).toBe(403);
    await sandbox.waitFor(() => sandbox.open() === 0);
    expect(clock.pending()).toBe(0);
  });

  const FINISHED = [
    { type: 'message_start', message: { id: 'msg_1', content: [], usage: { input_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);

  it.each([true, false])(
    'with a stream that is finished is not waited for: C014, streaming: %s',
    async (stream) => {
      const { url, clock, sandbox, logger } = await startGateway();
      const headers = { 'content-type': 'text/event-stream' };
      sandbox.script({ headers, chunks: FINISHED, ending: 'hang' });
      const client = openPost(url + TRANSLATED[0].path, questionOf(TRANSLATED[0], stream));
      expect(await client.over).toBe(true);
      expect(client.text()).toContain('Hello');
      expect(client.text()).toMatch(TRANSLATED[0].ends);
      expect(requestLines(logger)).toEqual([expect.objectContaining({ status: 200, outputTokens: 2 })]);
      clock.advance(1_000);
      await sandbox.waitFor(() => sandbox.open() === 0);
      expect(clock.pending()).toBe(0);
    },
  );
});
