import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/protocols/openai-chat/index.ts';
import { callDelta, delta, errorOf, eventsOfText, replyOf } from './support.ts';

const finish = delta({}, 'tool_calls');
const piece = (id: string, args: string) =>
  callDelta({ index: 0, id, function: { name: 'f', arguments: args } });

describe('openai-chat streams of vendors with habits of their own', () => {
  it('take a new id on every piece of one call for one call', () => {
    const reply = replyOf(piece('a', ''), piece('b', '{"x":'), piece('c', '1}'), finish);
    expect(reply.blocks).toMatchObject([{ args: '{"x":1}' }]);
  });

  it('read the name of a call on every piece without reading its arguments anew', () => {
    const pieces = Array.from({ length: 20_000 }, () => piece('a', 'x'.repeat(10)));
    const [call] = replyOf(piece('a', '{"x":"'), ...pieces, piece('a', '"}'), finish).blocks;
    expect(call).toMatchObject({ id: 'a', kind: 'tool-call' });
    expect(call?.kind === 'tool-call' ? call.args.length : 0).toBe(200_008);
  });

  it.each([
    '{"code":500,"type":"server_error","message":"CUDA out of memory"}',
    '{"object":"error","message":"CUDA out of memory"}',
    '{"status":503,"message":"CUDA out of memory"}',
  ])('do not end well after an error without an envelope: %s', (error) => {
    const begun = 'data: {"id":"x","choices":[{"index":0,"delta":{"content":"Half an"}}]}\n\n';
    const events = eventsOfText(`${begun}data: ${error}\n\ndata: [DONE]\n\n`);
    expect(errorOf(events)).toMatchObject({ message: 'CUDA out of memory' });
  });

  it.each(['\ndata: {"error": {"message": "boom"}}', '\ndata: {"error":{"message":"boom"}}'])(
    'end a relayed stream by an error however it is spaced: %s',
    (frame) => {
      expect(openaiChat.upstream.terminals.some((terminal) => frame.includes(terminal))).toBe(true);
    },
  );
});
