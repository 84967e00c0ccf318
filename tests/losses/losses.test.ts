import prettier from 'prettier';
import { describe, expect, it } from 'vitest';
import type { ClientCodec } from '../../src/kernel/codec.ts';
import { protocols } from '../../src/protocols/registry.ts';
import { CHAT_FEATURES } from './chat-features.ts';
import { lossTable } from './loss-tables.ts';
import { MESSAGES_FEATURES } from './messages-features.ts';
import { RESPONSES_FEATURES } from './responses-features.ts';

const HEAD = `# What each pair loses

What becomes of the things that a client may ask for, towards a model of which nothing else is known: an empty capability record. \`kept\` means that the upstream is told all of it, in its own words. A cell with notes shows what the answer's header \`x-translation-notes\` says; a cell with 400 names the field that the request is refused for. Words and rules are explained in [protocols.md](protocols.md). A request in the upstream's own format is relayed and loses nothing.

This page is written by \`npx vitest run tests/losses -u\` from what the code does, and a test holds the two together.
`;

const clientOf = (id: (typeof protocols.all)[number]['id']): ClientCodec => {
  const { client } = protocols.byId(id);
  if (client === undefined) throw new Error(`${id} has no client face`);
  return client;
};

describe('docs/losses.md', () => {
  it('tells what each pair loses', async () => {
    const chat = lossTable(
      clientOf('openai-chat'),
      { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
      CHAT_FEATURES,
    );
    const responses = lossTable(
      clientOf('openai-responses'),
      { model: 'm', input: 'Hi' },
      RESPONSES_FEATURES,
    );
    const messages = lossTable(
      clientOf('anthropic-messages'),
      { model: 'm', max_tokens: 5000, messages: [{ role: 'user', content: 'Hi' }] },
      MESSAGES_FEATURES,
    );
    const page = [HEAD, '## Chat Completions', chat, '## Responses', responses, '## Messages', messages].join(
      '\n\n',
    );
    const formatted = await prettier.format(page, {
      parser: 'markdown',
      printWidth: 110,
      proseWrap: 'preserve',
    });
    await expect(formatted).toMatchFileSnapshot('../../docs/losses.md');
  });
});
