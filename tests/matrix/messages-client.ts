import type Anthropic from '@anthropic-ai/sdk';
import { aboutTool, ANSWER_SCHEMA, IMAGE, MAX_TOKENS, SYSTEM, TOOL_SCHEMA } from './clients.ts';
import type { Ask, Heard, Say, Speaker } from './clients.ts';

type Body = Anthropic.MessageCreateParamsNonStreaming;

/** The budget that stands for little effort. */
const LITTLE = 4096;

/** Messages, by the client of Anthropic. */
export const speakMessages: Speaker = async ({ anthropic, model }, say) => {
  const body = bodyOf(model, say);
  return heardIn(
    say.stream
      ? await anthropic.messages.stream(body).finalMessage()
      : await anthropic.messages.create({ ...body, stream: false }),
  );
};

function bodyOf(model: string, { ask, before }: Say): Body {
  return {
    model,
    system: SYSTEM,
    max_tokens: ask.maxTokens ?? MAX_TOKENS,
    messages: [
      { role: 'user', content: contentOf(ask) },
      ...before.flatMap(({ heard, results }) => [
        { role: 'assistant' as const, content: heard.kept as Anthropic.ContentBlockParam[] },
        {
          role: 'user' as const,
          content: heard.calls.map(({ id }, index) => ({
            type: 'tool_result' as const,
            tool_use_id: id,
            content: results[index] ?? '',
          })),
        },
      ]),
    ],
    ...(ask.tools && {
      tools: ask.tools.map((name) => ({ name, description: aboutTool(name), input_schema: TOOL_SCHEMA })),
    }),
    ...(ask.reasons && { thinking: { type: 'enabled' as const, budget_tokens: LITTLE } }),
    ...(ask.isStructured && {
      output_config: { format: { type: 'json_schema' as const, schema: ANSWER_SCHEMA } },
    }),
  };
}

const contentOf = (ask: Ask): string | Anthropic.ContentBlockParam[] =>
  ask.hasImage !== true
    ? ask.text
    : [
        { type: 'text', text: ask.text },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: IMAGE } },
      ];

function heardIn({ content, stop_reason, stop_details, usage }: Anthropic.Message): Heard {
  const cacheRead = usage.cache_read_input_tokens ?? NaN;
  const cacheWrite = usage.cache_creation_input_tokens ?? NaN;
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    refusal: (stop_details as { readonly explanation?: string | null } | null)?.explanation ?? '',
    calls: content.flatMap((block) =>
      block.type === 'tool_use'
        ? [{ id: block.id, name: block.name, args: JSON.stringify(block.input) }]
        : [],
    ),
    stop: stop_reason ?? '',
    usage: {
      input: usage.input_tokens + cacheRead + cacheWrite,
      cacheRead,
      cacheWrite,
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
    },
    kept: content,
  };
}
