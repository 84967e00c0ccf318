import { describe, expect, it } from 'vitest';
import { chunk, eventsOf, finish, replyOf } from './support.ts';

const token = (word: string, logProbability: number) => ({ token: word, logProbability, tokenId: 7 });

describe('google-generate probabilities of tokens', () => {
  it('stand with the text that they came with', () => {
    const reply = replyOf(
      chunk([{ text: 'Hi' }], {
        logprobsResult: {
          chosenCandidates: [token('Hi', -0.5)],
          topCandidates: [{ candidates: [token('Hi', -0.5), token('Yo', -2)] }],
        },
      }),
      chunk([{ text: '!' }], { logprobsResult: { chosenCandidates: [{ token: '!' }] } }),
      finish(),
    );
    expect(reply.blocks).toMatchObject([
      {
        text: 'Hi!',
        logprobs: [
          {
            token: 'Hi',
            logprob: -0.5,
            top: [
              { token: 'Hi', logprob: -0.5 },
              { token: 'Yo', logprob: -2 },
            ],
          },
          { token: '!', logprob: 0, top: [] },
        ],
      },
    ]);
  });

  it('are not told of thoughts and calls, nor where there are none', () => {
    const logprobsResult = { chosenCandidates: [token('x', -1), null] };
    const events = eventsOf(
      chunk([{ text: 'hm', thought: true }], { logprobsResult }),
      chunk([{ functionCall: { name: 'f' } }], { logprobsResult }),
      chunk([{ text: 'a' }], { logprobsResult: { chosenCandidates: [] } }),
      finish(),
    );
    expect(events.filter(({ type }) => type === 'logprobs')).toEqual([]);
  });
});
