import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createGate } from '../support/gate.ts';
import { openPost, settle } from '../support/open-client.ts';
import { alarms, requestLines } from '../support/request-lines.ts';
import { until } from '../support/until.ts';
import { heardText, questionOf, SPEECH, typesOf, wireOf } from './support/speech.ts';
import { PATH, startStage, TRANSLATED_PAIRS } from './support/stage.ts';
import type { Client, Stage, Upstream } from './support/stage.ts';

const SSE = { 'content-type': 'text/event-stream' };
const RELAYED_PAIRS: readonly { readonly client: Client; readonly upstream: Upstream }[] = [
  { client: 'messages', upstream: 'anthropic' },
  { client: 'responses', upstream: 'openai' },
  { client: 'chat', upstream: 'common' },
];

/** The wire text of an answer of three pieces, up to behind its second piece, and the rest of it. */
function halves(upstream: Upstream): readonly [string, string] {
  const wire = wireOf(SPEECH[upstream]('one ', 'two ', 'three'));
  const events = wire.split(/(?<=\n\n)/);
  const end = events.findIndex((event) => event.includes('"two "')) + 1;
  return [events.slice(0, end).join(''), events.slice(end).join('')];
}

const bodyOf = ({ model }: Stage, client: Client, stream = true): object => ({
  model,
  ...(client === 'messages' && { max_tokens: 100 }),
  ...questionOf(client, stream),
});

/** The upstream's side of the next request, once it has come. */
function answerByHand({ script }: Stage): () => Promise<ServerResponse> {
  const responses = createGate<ServerResponse>();
  script({ handler: (_request, response) => responses.open(response) });
  return responses.pass;
}

describe('C013 a client that leaves after two deltas', () => {
  it.each([...RELAYED_PAIRS, ...TRANSLATED_PAIRS])(
    'ends the upstream request at once, and no alarm is raised: $client from $upstream',
    async ({ client, upstream }) => {
      const stage = await startStage(upstream);
      const { sandbox, logger, clock, url } = stage.gateway;
      stage.script({ headers: SSE, chunks: [halves(upstream)[0]], ending: 'hang' });
      const open = openPost(url + PATH[client], bodyOf(stage, client));
      await open.seen((text) => text.includes('two '));
      open.leave();
      await sandbox.waitFor(() => sandbox.open() === 0);
      expect(sandbox.requests.map(({ closed }) => closed)).toEqual([true]);
      await until(() => requestLines(logger).length > 0);
      expect(requestLines(logger)).toMatchObject([{ errorKind: 'cancelled', attempts: 1 }]);
      expect(alarms(logger)).toEqual([]);
      await until(() => clock.pending() === 0);
    },
  );
});

describe('C014 an upstream that keeps its socket open behind message_stop', () => {
  const hang = (text: string) => ({ headers: SSE, chunks: [text], ending: 'hang' }) as const;

  it.each(['responses', 'chat'] as const)(
    'does not hold up a translated answer: %s',
    async (client: Client) => {
      const stage = await startStage('anthropic');
      stage.script(hang(wireOf(SPEECH.anthropic('Grüß Gott'))));
      const open = openPost(stage.gateway.url + PATH[client], bodyOf(stage, client));
      expect(await open.over).toBe(true);
      expect(heardText(client, { text: open.text() })).toBe('Grüß Gott');
      expect(open.text()).toMatch(client === 'chat' ? /\[DONE\]\n\n$/ : /response\.completed/);
      stage.gateway.clock.advance(1_000); // it had its chance to close by itself
      await stage.gateway.sandbox.waitFor(() => stage.gateway.sandbox.open() === 0);
    },
  );

  it('does not hold up a JSON answer', async () => {
    const stage = await startStage('anthropic');
    stage.script(hang(wireOf(SPEECH.anthropic('Grüß Gott'))));
    const answer = await stage.ask('chat', questionOf('chat', false));
    expect(JSON.parse(answer.text)).toMatchObject({ choices: [{ message: { content: 'Grüß Gott' } }] });
  });

  it('does not hold up a relayed answer beyond a moment for what may follow', async () => {
    const stage = await startStage('anthropic');
    const wire = wireOf(SPEECH.anthropic('Grüß Gott'));
    stage.script(hang(wire));
    const open = openPost(stage.gateway.url + PATH.messages, bodyOf(stage, 'messages'));
    await open.seen((text) => text === wire);
    stage.gateway.clock.advance(2_000);
    expect(await open.over).toBe(true);
    expect(open.text()).toBe(wire);
  });
});

describe('30 s of upstream silence', () => {
  const CASES = [
    { id: 'C015', client: 'messages', upstream: 'common', beat: 'event: ping\ndata: {"type":"ping"}\n\n' },
    { id: 'C016', client: 'responses', upstream: 'anthropic', beat: ': ping\n\n' },
    { id: 'C017', client: 'chat', upstream: 'google', beat: ': ping\n\n' },
  ] as const;

  it.each(CASES)('$id bring $client a heartbeat each 15 s', async ({ client, upstream, beat }) => {
    const stage = await startStage(upstream);
    const response = answerByHand(stage);
    const open = openPost(stage.gateway.url + PATH[client], bodyOf(stage, client));
    const upstreamSide = await response();
    const [first, rest] = halves(upstream);
    upstreamSide.writeHead(200, SSE).write(first);
    await open.seen((text) => text.includes('two '));
    const before = open.text();
    stage.gateway.clock.advance(15_000);
    await open.seen((text) => text === before + beat);
    stage.gateway.clock.advance(15_000);
    await open.seen((text) => text === before + beat + beat);
    upstreamSide.end(rest);
    expect(await open.over).toBe(true);
    expect(heardText(client, { text: open.text() })).toBe('one two three');
  });

  const asked = [{ role: 'user' as const, content: 'Hello' }];
  const READERS: Readonly<Record<Client, (stage: Stage) => Promise<unknown>>> = {
    messages: ({ anthropic, model }) =>
      anthropic.messages
        .stream({ model, max_tokens: 100, messages: asked })
        .finalMessage()
        .then(({ content }) => content[0]?.type === 'text' && content[0].text),
    responses: ({ openai, model }) =>
      openai.responses
        .stream({ model, input: 'Hello' })
        .finalResponse()
        .then(({ output_text }) => output_text),
    chat: ({ openai, model }) =>
      openai.chat.completions
        .stream({ model, messages: asked })
        .finalChatCompletion()
        .then(({ choices }) => choices[0]?.message.content),
  };

  it.each(CASES)('$id do not trouble the official $client client', async ({ client, upstream }) => {
    const stage = await startStage(upstream);
    const response = answerByHand(stage);
    const read = READERS[client](stage);
    const upstreamSide = await response();
    stage.gateway.clock.advance(30_000); // silence before the first event
    await settle();
    const [first, rest] = halves(upstream);
    upstreamSide.writeHead(200, SSE).write(first);
    await settle();
    stage.gateway.clock.advance(30_000); // and after it
    await settle();
    upstreamSide.end(rest);
    expect(await read).toBe('one two three');
  });

  it.each(['message_start', 'content_block_delta'])(
    'C016 is not broken by an upstream’s own pings, which Responses clients never see (after %s)',
    async (type) => {
      const stage = await startStage('anthropic');
      const wire = wireOf(SPEECH.anthropic('Grüß Gott')).replace(
        new RegExp(`(event: ${type}\\n.*\\n\\n)`),
        '$1event: ping\ndata: {"type":"ping"}\n\n',
      );
      expect(wire).toContain('ping');
      stage.script({ headers: SSE, chunks: [wire] });
      const answer = await stage.ask('responses', questionOf('responses'));
      expect(typesOf(answer)).not.toContain('ping');
      expect(heardText('responses', answer)).toBe('Grüß Gott');
    },
  );
});
