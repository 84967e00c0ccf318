import type OpenAI from 'openai';
import { aboutTool, ANSWER_SCHEMA, IMAGE, MAX_TOKENS, SYSTEM, TOOL_SCHEMA } from './clients.ts';
import type { Ask, Heard, Say, Speaker } from './clients.ts';

type Body = Omit<OpenAI.Responses.ResponseCreateParamsNonStreaming, 'stream'>;
type Item = OpenAI.Responses.ResponseInputItem;
type Output = OpenAI.Responses.ResponseOutputItem;

/** Responses, by the client of OpenAI. */
export const speakResponses: Speaker = async ({ openai, model }, say) => {
  const body = bodyOf(model, say);
  const answer = say.stream
    ? await openai.responses.stream(body).finalResponse()
    : await openai.responses.create({ ...body, stream: false });
  return heardIn(answer);
};

function bodyOf(model: string, { ask, before }: Say): Body {
  return {
    model,
    store: false,
    include: ['reasoning.encrypted_content'],
    instructions: SYSTEM,
    max_output_tokens: ask.maxTokens ?? MAX_TOKENS,
    input: [
      { role: 'user', content: contentOf(ask) },
      ...before.flatMap(({ heard, results }) => [
        ...(heard.kept as readonly Item[]),
        ...heard.calls.map(({ id }, index) => ({
          type: 'function_call_output' as const,
          call_id: id,
          output: results[index] ?? '',
        })),
      ]),
    ],
    ...(ask.tools && {
      tools: ask.tools.map((name) => ({
        type: 'function' as const,
        name,
        description: aboutTool(name),
        parameters: TOOL_SCHEMA,
        strict: false,
      })),
    }),
    ...(ask.reasons && { reasoning: { effort: 'low' as const, summary: 'auto' as const } }),
    ...(ask.isStructured && {
      text: {
        format: { type: 'json_schema' as const, name: 'response', schema: ANSWER_SCHEMA, strict: true },
      },
    }),
  };
}

const contentOf = (ask: Ask): string | OpenAI.Responses.ResponseInputContent[] =>
  ask.hasImage !== true
    ? ask.text
    : [
        { type: 'input_text', text: ask.text },
        { type: 'input_image', image_url: `data:image/png;base64,${IMAGE}`, detail: 'auto' },
      ];

function heardIn({ output, status, incomplete_details, usage }: OpenAI.Responses.Response): Heard {
  if (usage === undefined) throw new Error('the response has no usage');
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const { input_tokens_details: details } = usage;
  const reason = incomplete_details?.reason;
  return {
    text: parts.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    reasoning: output
      .flatMap((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text) : []))
      .join('\n\n'),
    refusal: parts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join(''),
    calls: output.flatMap((item) =>
      item.type === 'function_call' ? [{ id: item.call_id, name: item.name, args: item.arguments }] : [],
    ),
    stop: reason === undefined ? (status ?? '') : `${status ?? ''}: ${reason}`,
    usage: {
      input: usage.input_tokens,
      cacheRead: details.cached_tokens,
      cacheWrite: (details as { readonly cache_write_tokens?: number }).cache_write_tokens ?? NaN,
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details.reasoning_tokens,
      total: usage.total_tokens,
    },
    kept: output.map(withoutParsed),
  };
}

/** What the accumulator itself puts beside items is not for the wire. */
function withoutParsed(item: Output): unknown {
  if (item.type === 'function_call') return { ...item, parsed_arguments: undefined };
  if (item.type !== 'message') return item;
  return { ...item, content: item.content.map((part) => ({ ...part, parsed: undefined })) };
}
