import { describe, expect, it } from 'vitest';
import { messagesTool, toolResult, toolUse, user } from './support/tools.ts';
import { dig, startStage } from './support/stage.ts';

const KIMI_ID = 'functions.Bash:0';
const question = user('List the files.');

describe('a conversation of a Messages client that goes from Kimi to Claude', () => {
  it('has ids of calls that Claude takes, and results that still meet their calls', async () => {
    const { ask, sent } = await startStage('anthropic', { model: 'claude-opus-4-5-20251101' });
    const { status } = await ask('messages', {
      tools: [messagesTool('Bash')],
      messages: [
        question,
        { role: 'assistant', content: [toolUse(KIMI_ID, 'Bash', { city: KIMI_ID })] },
        user([toolResult(KIMI_ID, 'a.txt')]),
      ],
    });
    expect(status).toBe(200);
    expect(dig(sent(), 'messages')).toEqual([
      question,
      { role: 'assistant', content: [toolUse('functions_Bash_0', 'Bash', { city: KIMI_ID })] },
      user([toolResult('functions_Bash_0', 'a.txt')]),
    ]);
  });
});
