import { describe, expect, it } from 'vitest';
import { decode, decodeAny, refusalOf } from './decode-setup.ts';

const user = { role: 'user', content: 'hi' } as const;
const billing = (nonce: string) => `x-anthropic-billing-header: cc_version=2.1.9; cch=${nonce};`;

describe('anthropic-messages system texts', () => {
  it('reads a string', () => {
    expect(decode({ system: 'Be brief.' }).request.system).toEqual([{ role: 'system', text: 'Be brief.' }]);
  });

  it('reads blocks one by one, with their cache marks, without empty ones (C118)', () => {
    const { request } = decode({
      system: [
        { type: 'text', text: 'one' },
        { type: 'text', text: '' },
        { type: 'text', text: 'two', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'three', cache_control: { type: 'ephemeral', ttl: '1h' } },
      ],
    });
    expect(request.system).toEqual([
      { role: 'system', text: 'one' },
      { role: 'system', text: 'two', cache: { ttl: '5m' } },
      { role: 'system', text: 'three', cache: { ttl: '1h' } },
    ]);
  });

  it('is empty for an empty string', () => {
    expect(decode({ system: '' }).request.system).toEqual([]);
  });
});

describe('anthropic-messages billing line (C170)', () => {
  const blocks = (nonce: string) => [
    { type: 'text', text: billing(nonce) } as const,
    { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral' } } as const,
  ];

  it('goes, so that two requests which differ by it alone are equal', () => {
    const [one, two] = ['a1', 'b2'].map((nonce) => decode({ system: blocks(nonce) }));
    expect(one).toEqual(two);
    expect(one?.request.system).toEqual([
      { role: 'system', text: 'You are Claude Code.', cache: { ttl: '5m' } },
    ]);
  });

  it.each([
    ['a string', `${billing('a')}\n\nYou are\nClaude.`],
    ['a block', [{ type: 'text', text: `\n${billing('a')}\nYou are\nClaude.` }]],
  ])('goes from the front of %s, the text behind it stays', (_form, system) => {
    expect(decodeAny({ system }).request.system).toEqual([{ role: 'system', text: 'You are\nClaude.' }]);
  });

  it.each([
    [
      'behind another block',
      [
        { type: 'text', text: 'first' },
        { type: 'text', text: billing('a') },
      ],
      2,
    ],
    ['within a text', [{ type: 'text', text: `see ${billing('a')}` }], 1],
  ])('is a text like any other %s', (_place, system, count) => {
    const texts = decodeAny({ system }).request.system.map(({ text }) => text);
    expect([texts.length, texts.at(-1)?.includes(billing('a'))]).toEqual([count, true]);
  });
});

describe('anthropic-messages messages of role system', () => {
  it('stand behind the member system when they come first', () => {
    const { request } = decode({ system: 'one', messages: [{ role: 'system', content: 'two' }, user] });
    expect(request.system.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(request.turns).toMatchObject([{ role: 'user', at: 'messages[1]' }]);
  });

  it('stay in their place later on (C098)', () => {
    const { request, notes } = decode({
      messages: [
        user,
        {
          role: 'system',
          content: [{ type: 'text', text: 'In French.', cache_control: { type: 'ephemeral' } }],
        },
        { role: 'system', content: '' },
        { role: 'assistant', content: 'Salut' },
      ],
    });
    expect(request.turns).toMatchObject([
      { role: 'user' },
      {
        role: 'system',
        at: 'messages[1]',
        parts: [{ kind: 'text', text: 'In French.', cache: { ttl: '5m' } }],
      },
      { role: 'assistant' },
    ]);
    expect(notes).toBe('');
  });

  it.each([undefined, null, '', []])('may direct the effort alone, with the content %j', (content) => {
    const { request, notes } = decodeAny({
      output_config: { effort: 'low' },
      messages: [
        user,
        { role: 'system', content, output_config: { effort: 'max' } },
        { role: 'system', output_config: {} },
        user,
      ],
    });
    expect(request.turns.map(({ role }) => role)).toEqual(['user', 'user']);
    expect(request.reasoning).toMatchObject({ mode: 'on', effort: 'max' });
    expect(notes).toBe('messages[1].output_config=moved');
  });

  it('let the last effort count', () => {
    const direct = (effort: 'low' | 'high') => ({ role: 'system', output_config: { effort } }) as const;
    expect(decode({ messages: [direct('high'), user, direct('low')] }).request.reasoning.effort).toBe('low');
  });

  it('are gone once the user has spoken again, when they say so', () => {
    const hint = { role: 'system', content: 'just now', clear_at: 'next_user_message' } as const;
    const { request } = decode({ messages: [user, hint, user, hint] });
    expect(request.turns.map(({ at }) => at)).toEqual(['messages[0]', 'messages[2]', 'messages[3]']);
  });

  it('may add tools', () => {
    const { request, notes } = decode({
      tools: [{ name: 'a', input_schema: { type: 'object' } }],
      messages: [
        user,
        {
          role: 'system',
          content: [
            { type: 'tool_addition', tool: { type: 'tool_reference', tool_name: 'a' } },
            {
              type: 'tool_addition',
              tool: { type: 'tool_definition', definition: { name: 'b', input_schema: { type: 'object' } } },
            },
            { type: 'tool_removal', tool: { type: 'tool_reference', tool_name: 'a' } },
          ],
        },
      ],
    } as Parameters<typeof decodeAny>[0]);
    expect(request.tools).toMatchObject([
      { name: 'a', at: 'tools[0]' },
      { name: 'b', at: 'messages[1].content[1].tool.definition' },
    ]);
    expect(request.turns).toHaveLength(1);
    expect(notes).toBe('messages[1].content[2]=ignored');
  });

  it.each([
    ['messages[1].content[0]', [{ type: 'image' }]],
    ['messages[1].content[0].tool', [{ type: 'tool_addition' }]],
    [
      'messages[1].content[0].tool.definition',
      [{ type: 'tool_addition', tool: { type: 'tool_definition' } }],
    ],
  ])('are refused at %s when they hold %j', (path, content) => {
    expect(refusalOf({ messages: [user, { role: 'system', content }] })?.details.param).toBe(path);
  });
});
