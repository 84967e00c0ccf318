import type OpenAI from 'openai';
import { aboutTool, ANSWER_SCHEMA, IMAGE, MAX_TOKENS, SYSTEM, TOOL_SCHEMA } from './clients.ts';
import type { Ask, Heard, Say, Speaker } from './clients.ts';

type Body = Omit<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming, 'stream'>;
type Message = OpenAI.Chat.ChatCompletionMessage & { readonly reasoning_content?: string };
type Call = OpenAI.Chat.ChatCompletionMessageFunctionToolCall;

/** Chat Completions, by the client of OpenAI. */
export const speakChat: Speaker = async ({ openai, model }, say) => {
  const body = bodyOf(model, say);
  if (!say.stream) return heardIn(await openai.chat.completions.create({ ...body, stream: false }));
  const stream = openai.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
  // The accumulator keeps the last piece only of a member it does not know, so clients gather reasoning themselves.
  const thoughts: string[] = [];
  stream.on('chunk', ({ choices }) => {
    const delta = choices[0]?.delta as { readonly reasoning_content?: string } | undefined;
    thoughts.push(delta?.reasoning_content ?? '');
  });
  return heardIn(await stream.finalChatCompletion(), thoughts.join(''));
};

function bodyOf(model: string, { ask, before, carries }: Say): Body {
  return {
    model,
    max_completion_tokens: ask.maxTokens ?? MAX_TOKENS,
    messages: [
      { role: 'system', content: SYSTEM },
      { role: 'user', content: contentOf(ask) },
      ...before.flatMap(({ heard, results }) => [
        carries ? (heard.kept as Message) : plainMessage(heard),
        ...heard.calls.map(({ id }, index) => ({
          role: 'tool' as const,
          tool_call_id: id,
          content: results[index] ?? '',
        })),
      ]),
    ],
    ...(ask.tools && {
      tools: ask.tools.map((name) => ({
        type: 'function' as const,
        function: { name, description: aboutTool(name), parameters: TOOL_SCHEMA },
      })),
    }),
    ...(ask.reasons && { reasoning_effort: 'low' as const }),
    ...(ask.isStructured && {
      response_format: {
        type: 'json_schema' as const,
        json_schema: { name: 'response', schema: ANSWER_SCHEMA, strict: true },
      },
    }),
  };
}

const contentOf = (ask: Ask): string | OpenAI.Chat.ChatCompletionContentPart[] =>
  ask.hasImage !== true
    ? ask.text
    : [
        { type: 'text', text: ask.text },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${IMAGE}` } },
      ];

/** What a client brings back that knows nothing but text and calls. */
const plainMessage = ({ text, calls }: Heard): OpenAI.Chat.ChatCompletionAssistantMessageParam => ({
  role: 'assistant',
  content: text === '' ? null : text,
  tool_calls: calls.map(({ id, name, args }) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  })),
});

function heardIn({ choices, usage }: OpenAI.Chat.ChatCompletion, gathered?: string): Heard {
  const [choice] = choices;
  if (choice === undefined || usage === undefined) throw new Error('the answer has no choice or no usage');
  const message = choice.message as Message;
  const reasoning = gathered ?? message.reasoning_content ?? '';
  const calls = (message.tool_calls ?? []) as readonly Call[];
  return {
    text: message.content ?? '',
    reasoning,
    refusal: message.refusal ?? '',
    calls: calls.map((call) => ({ id: call.id, name: call.function.name, args: call.function.arguments })),
    stop: choice.finish_reason,
    usage: {
      input: usage.prompt_tokens,
      cacheRead: usage.prompt_tokens_details?.cached_tokens ?? NaN,
      cacheWrite:
        (usage.prompt_tokens_details as { cache_write_tokens?: number } | undefined)?.cache_write_tokens ??
        NaN,
      output: usage.completion_tokens,
      reasoning: usage.completion_tokens_details?.reasoning_tokens ?? NaN,
      total: usage.total_tokens,
    },
    kept: withoutParsed({ ...message, ...(reasoning !== '' && { reasoning_content: reasoning }) }),
  };
}

/** What the accumulator itself puts beside the message is not for the wire. */
const withoutParsed = (message: Message): unknown => ({
  ...message,
  parsed: undefined,
  ...(message.tool_calls && {
    tool_calls: (message.tool_calls as readonly Call[]).map((call) => ({
      ...call,
      function: { name: call.function.name, arguments: call.function.arguments },
    })),
  }),
});
