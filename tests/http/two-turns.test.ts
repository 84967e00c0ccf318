import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const parameters = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
};
const question = 'Ask for both in parallel, please.';
const names = ['get_weather', 'get_time'] as const;

const chatTools = names.map((name) => ({ type: 'function' as const, function: { name, parameters } }));
const responseTools = names.map((name) => ({ type: 'function' as const, name, parameters, strict: false }));
const messageTools = names.map((name) => ({ name, input_schema: parameters }));

type ChatBody = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;

describe.each(['claude', 'gpt', 'glm', 'gemini'])(
  'Chat Completions with %s, by the official client',
  (model) => {
    it.each([false, true])(
      'completes two parallel tool calls in two turns, streaming: %s',
      async (streaming) => {
        const { url } = await startGateway();
        const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', maxRetries: 0 });
        const ask = (body: ChatBody): Promise<OpenAI.Chat.ChatCompletion> =>
          streaming
            ? client.chat.completions
                .stream({ ...body, stream: true, stream_options: { include_usage: true } })
                .finalChatCompletion()
            : client.chat.completions.create(body);

        const messages: ChatBody['messages'] = [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: question },
        ];
        const first = await ask({ model, messages, tools: chatTools });
        const choice = first.choices[0];
        const calls = choice?.message.tool_calls ?? [];
        expect(choice?.finish_reason).toBe('tool_calls');
        expect(calls.map((call) => call.type === 'function' && call.function.name)).toEqual(names);
        expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
        expect(first.usage?.total_tokens).toBe(
          (first.usage?.prompt_tokens ?? 0) + (first.usage?.completion_tokens ?? 0),
        );
        expect(first.usage?.prompt_tokens).toBeGreaterThan(0);
        expect(first.model).toBe(model);

        const second = await ask({
          model,
          tools: chatTools,
          messages: [
            ...messages,
            { role: 'assistant', content: choice?.message.content ?? null, tool_calls: calls },
            ...calls.map(({ id }, index) => ({
              role: 'tool' as const,
              tool_call_id: id,
              content: index === 0 ? 'sunny in Zürich 🎉' : 'noon',
            })),
          ],
        });
        expect(second.choices[0]?.finish_reason).toBe('stop');
        expect(second.choices[0]?.message.content).toContain('sunny in Zürich 🎉');
        expect(second.choices[0]?.message.content).toContain('noon');
        expect(second.usage?.completion_tokens).toBeGreaterThan(0);
      },
    );
  },
);

describe('Messages with an anthropic model, by the official client', () => {
  it.each([false, true])(
    'completes two parallel tool calls in two turns, streaming: %s',
    async (streaming) => {
      const { url } = await startGateway();
      const client = new Anthropic({ baseURL: url, apiKey: 'unused', maxRetries: 0 });
      const ask = (body: Anthropic.MessageCreateParamsNonStreaming): Promise<Anthropic.Message> =>
        streaming ? client.messages.stream(body).finalMessage() : client.messages.create(body);

      const base = { model: 'claude', max_tokens: 1000, system: 'Be brief.', tools: [...messageTools] };
      const first = await ask({ ...base, messages: [{ role: 'user', content: question }] });
      const calls = first.content.filter((block) => block.type === 'tool_use');
      expect(first.stop_reason).toBe('tool_use');
      expect(calls.map(({ name }) => name)).toEqual(names);
      expect(first.usage.output_tokens).toBeGreaterThan(0);

      const second = await ask({
        ...base,
        messages: [
          { role: 'user', content: question },
          { role: 'assistant', content: first.content },
          {
            role: 'user',
            content: calls.map(({ id }, index) => ({
              type: 'tool_result' as const,
              tool_use_id: id,
              content: index === 0 ? 'sunny' : 'noon',
            })),
          },
        ],
      });
      expect(second.stop_reason).toBe('end_turn');
      expect(JSON.stringify(second.content)).toMatch(/sunny.*noon/);
    },
  );
});

describe('Responses with an openai model, by the official client', () => {
  it.each([false, true])(
    'completes two parallel tool calls in two turns, streaming: %s',
    async (streaming) => {
      const { url } = await startGateway();
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'unused', maxRetries: 0 });
      const ask = (
        body: OpenAI.Responses.ResponseCreateParamsNonStreaming,
      ): Promise<OpenAI.Responses.Response> =>
        streaming
          ? client.responses.stream({ ...body, stream: true }).finalResponse()
          : client.responses.create(body);

      const base = { model: 'gpt', instructions: 'Be brief.', tools: responseTools, store: false };
      const asked = { role: 'user' as const, content: question };
      const first = await ask({ ...base, input: [asked] });
      const calls = first.output.filter((item) => item.type === 'function_call');
      expect(first.status).toBe('completed');
      expect(calls.map(({ name }) => name)).toEqual(names);
      expect(first.usage?.total_tokens).toBeGreaterThan(0);

      const second = await ask({
        ...base,
        input: [
          asked,
          ...calls.map(({ name, arguments: args, call_id }) => ({
            type: 'function_call' as const,
            name,
            arguments: args,
            call_id,
          })),
          ...calls.map(({ call_id }, index) => ({
            type: 'function_call_output' as const,
            call_id,
            output: index === 0 ? 'sunny' : 'noon',
          })),
        ],
      });
      expect(second.output_text).toMatch(/sunny.*noon/s);
    },
  );
});
