import { describe, expect, it } from 'vitest';
import { findGrammarFault } from '../../support/grammar.ts';
import { readFixture } from '../../support/read-fixture.ts';
import { decoderAfter, eventsOf, eventsOfBody, replyOf, replyOfBody, sseOf } from './setup.ts';
import { close, delta, end, open, START, STOP, TEXT } from './wire-events.ts';

describe('anthropic-messages stream decoder', () => {
  it('gives a call without arguments an empty object (C054)', () => {
    const text = sseOf(
      START,
      open({ type: 'tool_use', id: 't1', name: 'now', input: {} }),
      close(),
      end('tool_use'),
      STOP,
    );
    expect(replyOf(text).blocks).toEqual([
      { kind: 'tool-call', id: 't1', callKind: 'function', name: 'now', args: '{}' },
    ]);
  });

  it('takes arguments that come whole with the start of a call, digit by digit (C073)', () => {
    const args = '{"id":1234567890123456789,"__proto__":{"a":1}}';
    const start = `data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":${args}}}\n\n`;
    const reply = replyOf(sseOf(START) + start + sseOf(close(), end('tool_use'), STOP));
    expect(reply.blocks).toMatchObject([{ args }]);
  });

  it('prefers the arguments that are streamed', () => {
    const text = sseOf(
      START,
      open({ type: 'tool_use', id: 't', name: 'f', input: { a: 1 } }),
      delta({ type: 'input_json_delta', partial_json: '{"a":2}' }),
      close(),
      end('tool_use'),
      STOP,
    );
    expect(replyOf(text).blocks).toMatchObject([{ args: '{"a":2}' }]);
  });

  it('makes an id for a call that has none', () => {
    const text = sseOf(
      START,
      open({ type: 'tool_use', name: 'f', input: {} }),
      close(),
      end('tool_use'),
      STOP,
    );
    expect(replyOf(text).blocks).toMatchObject([{ id: expect.stringMatching(/^call_\w{24}$/) as string }]);
  });

  it('refuses a call without a name', () => {
    const events = eventsOf(
      sseOf(START, open({ type: 'tool_use', id: 't', input: {} }), close(), end('tool_use'), STOP),
    );
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { kind: 'bad-upstream' } });
    expect(findGrammarFault(events)).toBeUndefined();
  });

  it('keeps the last signature and tells it once, at the end of its block', () => {
    const events = eventsOf(
      sseOf(
        START,
        open({ type: 'thinking', thinking: 'a', signature: '' }),
        delta({ type: 'signature_delta', signature: 's1' }),
        delta({ type: 'thinking_delta', thinking: 'b' }),
        delta({ type: 'signature_delta', signature: 's2' }),
        close(),
        end('end_turn'),
        STOP,
      ),
      { capabilities: { issuer: 'vendor', family: 'm2' } },
    );
    expect(events.filter(({ type }) => type === 'reasoning-delta' || type === 'opaque')).toEqual([
      { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'a' },
      { type: 'reasoning-delta', index: 0, form: 'raw', part: 0, text: 'b' },
      { type: 'opaque', index: 0, opaque: { issuer: 'vendor', family: 'm2', kind: 'signature', data: 's2' } },
    ]);
  });

  it('invents no state for thinking that has no signature', () => {
    const text = sseOf(
      START,
      open({ type: 'thinking', thinking: 'a', signature: '' }),
      close(),
      end('end_turn'),
      STOP,
    );
    expect(replyOf(text).blocks).toEqual([{ kind: 'reasoning', raw: 'a', summary: [] }]);
  });

  it('reports an overload after two deltas as such (C137)', () => {
    const overload = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const { done, events } = decoderAfter(
      START,
      open({ type: 'text', text: '' }),
      delta({ type: 'text_delta', text: 'a' }),
      delta({ type: 'text_delta', text: 'b' }),
      overload,
      STOP,
    );
    expect(done).toBe(true);
    expect(events.at(-1)).toMatchObject({
      type: 'error',
      error: { kind: 'overloaded', message: 'Overloaded' },
    });
  });

  it('ends at message_stop, whatever still comes (C014)', () => {
    const late = { type: 'error', error: { type: 'api_error', message: 'late' } };
    const { done, events } = decoderAfter(START, ...TEXT, end('end_turn'), STOP, late);
    expect(done).toBe(true);
    expect(events.at(-1)).toEqual({ type: 'reply-end', stop: { reason: 'stop', raw: 'end_turn' } });
  });

  it('takes a stop reason for the end when the upstream closes without message_stop', () => {
    expect(replyOf(sseOf(START, ...TEXT, end('end_turn'))).stop.reason).toBe('stop');
  });

  it('closes what the upstream left open', () => {
    const events = eventsOf(
      sseOf(START, open({ type: 'tool_use', id: 't', name: 'f', input: {} }), end('tool_use'), STOP),
    );
    expect(findGrammarFault(events)).toBeUndefined();
    expect(events).toContainEqual({ type: 'block-delta', index: 0, text: '{}' });
  });

  it('ignores a second start, pings, `[DONE]`, empty data and what it does not know', () => {
    const text = `data: [DONE]\n\nevent: ping\ndata:\n\n${sseOf(START, { type: 'ping' }, START, { type: 'sparkle', error: null }, ...TEXT, delta({ type: 'text_delta', text: 'late' }, 7), end('end_turn'), STOP)}`;
    const events = eventsOf(text);
    expect(findGrammarFault(events)).toBeUndefined();
    expect(events.filter(({ type }) => type === 'block-delta')).toEqual([
      { type: 'block-delta', index: 0, text: 'Hi' },
    ]);
  });

  it('reads the kind of an event from its name when the data lacks it', () => {
    const text =
      'event: message_start\ndata: {"message":{"id":"msg_9","model":"m"}}\n\n' +
      sseOf(...TEXT, end('end_turn'), STOP);
    expect(replyOf(text)).toMatchObject({ id: 'msg_9', model: 'm' });
  });

  it.each(['{"type":', 'plain', '[1]', 'null'])('reports the event %j as bad', (data) => {
    expect(eventsOf(`data: ${data}\n\n`)).toMatchObject([{ type: 'error', error: { kind: 'bad-upstream' } }]);
  });

  it('starts a block anew when its number comes twice', () => {
    const text = sseOf(
      START,
      open({ type: 'text', text: 'a' }),
      open({ type: 'text', text: 'b' }),
      close(),
      end('end_turn'),
      STOP,
    );
    expect(replyOf(text).blocks).toMatchObject([{ text: 'a' }, { text: 'b' }]);
  });

  it('survives members of the wrong type', () => {
    const text = sseOf(
      { type: 'message_start', message: [] },
      { type: 'content_block_start' },
      { type: 'content_block_delta' },
      { type: 'content_block_stop' },
      open({ type: 'text', text: 5, citations: {} }, 1),
      delta({ type: 'text_delta' }, 1),
      delta({ type: 'citations_delta' }, 1),
      close(1),
      open({ type: 'thinking' }, 2),
      delta({ type: 'thinking_delta' }, 2),
      delta({ type: 'signature_delta' }, 2),
      delta({ type: 'x' }, 2),
      close(2),
      open({ type: 'redacted_thinking' }, 3),
      delta({ type: 'x' }, 3),
      close(3),
      open({ type: 'tool_use', name: 'f', input: null }, 4),
      delta({ type: 'input_json_delta' }, 4),
      delta({ type: 'x' }, 4),
      close(4),
      end('end_turn'),
      STOP,
    );
    const events = eventsOf(text);
    expect(findGrammarFault(events)).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'reply-end' });
  });
});

describe('anthropic-messages blocks beyond text', () => {
  it('keep web sources as annotations over the whole text, and hosted blocks whole', () => {
    const { blocks } = replyOf(readFixture('anthropic-messages/web-search.2026-11.sse'));
    expect(blocks).toMatchObject([
      {
        kind: 'hosted',
        protocol: 'anthropic-messages',
        raw: { type: 'server_tool_use', input: { query: 'population of Zürich' } },
      },
      { kind: 'hosted', raw: { type: 'web_search_tool_result' } },
      {
        kind: 'text',
        annotations: [
          { kind: 'url', url: 'https://example.org/zuerich', title: 'Zürich in numbers', start: 0, end: 37 },
        ],
      },
    ]);
  });

  it('keep a compaction whole, as it is told in pieces', () => {
    const text = sseOf(
      START,
      open({ type: 'compaction', content: null }),
      delta({ type: 'compaction_delta', content: 'so far', encrypted_content: 'zzz' }),
      close(),
      end('compaction'),
      STOP,
    );
    expect(replyOf(text)).toMatchObject({
      blocks: [{ kind: 'hosted', raw: { type: 'compaction', content: 'so far', encrypted_content: 'zzz' } }],
      stop: { reason: 'pause' },
    });
  });

  it('keep redacted thinking as state (C034)', () => {
    expect(
      replyOfBody('{"content":[{"type":"redacted_thinking","data":"zzz"}],"stop_reason":"end_turn"}').blocks,
    ).toEqual([
      {
        kind: 'reasoning',
        raw: '',
        summary: [],
        opaque: { issuer: 'anthropic', family: '', kind: 'redacted', data: 'zzz' },
      },
    ]);
  });
});

describe('anthropic-messages whole bodies', () => {
  it.each(['{}', '[]', '"text"', '{"content":"hi"}'])('%s is no message', (body) => {
    expect(eventsOfBody(body)).toMatchObject([{ type: 'error', error: { kind: 'bad-upstream' } }]);
  });

  it('an error under status 200 is an error', () => {
    const body = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
    expect(eventsOfBody(body)).toMatchObject([
      { type: 'error', error: { kind: 'overloaded', message: 'Overloaded' } },
    ]);
  });

  it('content that is no block is kept out of the text', () => {
    expect(replyOfBody('{"content":["x"],"stop_reason":"end_turn"}').blocks).toEqual([
      { kind: 'hosted', protocol: 'anthropic-messages', raw: {} },
    ]);
  });
});
