import type {
  AssistantPart,
  MediaSource,
  ToolChoice,
  Turn,
  UserPart,
} from '../../src/kernel/conversation.ts';
import type { ProtocolId } from '../../src/kernel/conversation.ts';
import { parseJson, rawJson, writeJson } from '../../src/kernel/json.ts';
import type { Json, JsonObject } from '../../src/kernel/json.ts';
import type { Dialogue } from './arbitrary-dialogue.ts';

type ClientId = Exclude<ProtocolId, 'google-generate'>;

/** The body in which a client of this dialect says it, as it is after the wire. */
export const renderDialogue = (protocol: ProtocolId, dialogue: Dialogue): JsonObject =>
  parseJson(writeJson(prune(RENDER[protocol as ClientId](dialogue)))) as JsonObject;

const prune = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

const RENDER: Readonly<Record<ClientId, (dialogue: Dialogue) => JsonObject>> = {
  'openai-chat': (dialogue) => ({
    ...common(dialogue),
    max_completion_tokens: dialogue.maxTokens,
    messages: [
      ...dialogue.system.map(({ text }) => ({ role: 'system', content: text })),
      ...dialogue.turns.flatMap(chatMessages),
    ],
    tools: dialogue.tools.map((tool) => ({ type: 'function', function: functionOf(tool) })),
    tool_choice: openaiChoice(dialogue.toolChoice, (name) => ({ type: 'function', function: { name } })),
    parallel_tool_calls: dialogue.parallelToolCalls,
    response_format: formatOf(dialogue, ({ type, ...format }) => ({ type, json_schema: format })),
  }),
  'openai-responses': (dialogue) => ({
    ...common(dialogue),
    max_output_tokens: dialogue.maxTokens,
    instructions: dialogue.system[0]?.text,
    input: dialogue.turns.flatMap(responseItems),
    tools: dialogue.tools.map((tool) => ({ type: 'function', ...functionOf(tool) })),
    tool_choice: openaiChoice(dialogue.toolChoice, (name) => ({ type: 'function', name })),
    parallel_tool_calls: dialogue.parallelToolCalls,
    text: formatOf(dialogue, (format) => ({ format })),
  }),
  'anthropic-messages': (dialogue) => ({
    ...common(dialogue),
    max_tokens: dialogue.maxTokens,
    system: dialogue.system.map(({ text }) => ({ type: 'text', text })),
    messages: dialogue.turns.map(anthropicMessage),
    tools: dialogue.tools.map((tool) => {
      const { parameters, ...rest } = functionOf(tool);
      return { ...rest, input_schema: parameters };
    }),
    tool_choice: anthropicChoice(dialogue),
    output_config: formatOf(dialogue, ({ type, schema }) => ({ format: { type, schema } })),
  }),
};

const common = ({ stream, sampling }: Dialogue): JsonObject => ({
  model: 'm',
  stream,
  temperature: sampling.temperature,
  top_p: sampling.topP,
});

function functionOf(tool: Dialogue['tools'][number]): JsonObject {
  if (tool.kind !== 'function') throw new Error('only functions are rendered');
  const { name, description, schema, strict } = tool;
  return { name, description, parameters: schema, strict };
}

const formatOf = ({ format }: Dialogue, wrap: (format: JsonObject) => JsonObject): JsonObject | undefined =>
  format?.type === 'json-schema'
    ? wrap({ type: 'json_schema', name: 'answer', schema: format.schema, strict: format.strict })
    : undefined;

const openaiChoice = (
  choice: ToolChoice | undefined,
  named: (name: string) => JsonObject,
): Json | undefined => (choice?.type === 'tool' ? named(choice.name) : choice?.type);

function anthropicChoice({ toolChoice, parallelToolCalls }: Dialogue): JsonObject | undefined {
  if (toolChoice === undefined && parallelToolCalls === undefined) return undefined;
  const { type } = toolChoice ?? { type: 'auto' };
  return {
    type: type === 'required' ? 'any' : type,
    ...(toolChoice?.type === 'tool' && { name: toolChoice.name }),
    ...(type !== 'none' &&
      parallelToolCalls !== undefined && { disable_parallel_tool_use: !parallelToolCalls }),
  };
}

const addressOf = (source: MediaSource | { readonly type: 'text' }): string => {
  if (source.type === 'url') return source.url;
  return source.type === 'base64' ? `data:${source.mediaType};base64,${source.data}` : '';
};

const textsOf = (parts: readonly (UserPart | AssistantPart)[], type: string): readonly JsonObject[] =>
  parts.flatMap((part) => (part.kind === 'text' ? [{ type, text: part.text }] : []));

const resultText = ({ parts }: { readonly parts: readonly UserPart[] }): string =>
  parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');

function chatMessages(turn: Turn): readonly JsonObject[] {
  switch (turn.role) {
    case 'tool':
      return turn.results.map((result) => ({
        role: 'tool',
        tool_call_id: result.callId,
        content: resultText(result),
      }));
    case 'assistant': {
      const content = textsOf(turn.parts, 'text');
      const calls = turn.parts.flatMap((part) =>
        part.kind === 'tool-call'
          ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.args } }]
          : [],
      );
      return [
        {
          role: 'assistant',
          content: content.length === 0 ? null : content,
          ...(calls.length > 0 && { tool_calls: calls }),
        },
      ];
    }
    default:
      return [
        {
          role: turn.role,
          content: turn.parts.map((part) =>
            part.kind === 'image'
              ? { type: 'image_url', image_url: { url: addressOf(part.source) } }
              : { ...textsOf([part], 'text')[0] },
          ),
        },
      ];
  }
}

function responseItems(turn: Turn): readonly JsonObject[] {
  switch (turn.role) {
    case 'tool':
      return turn.results.map((result) => ({
        type: 'function_call_output',
        call_id: result.callId,
        output: resultText(result),
      }));
    case 'assistant': {
      const content = textsOf(turn.parts, 'output_text');
      return [
        ...(content.length === 0 ? [] : [{ type: 'message', role: 'assistant', content }]),
        ...turn.parts.flatMap((part) =>
          part.kind === 'tool-call'
            ? [{ type: 'function_call', call_id: part.id, name: part.name, arguments: part.args }]
            : [],
        ),
      ];
    }
    default:
      return [
        {
          role: turn.role,
          content: turn.parts.map((part) =>
            part.kind === 'image'
              ? { type: 'input_image', image_url: addressOf(part.source) }
              : { ...textsOf([part], 'input_text')[0] },
          ),
        },
      ];
  }
}

function anthropicMessage(turn: Turn): JsonObject {
  if (turn.role === 'tool') {
    const content = turn.results.map((result) => ({
      type: 'tool_result',
      tool_use_id: result.callId,
      content: resultText(result),
    }));
    return { role: 'user', content };
  }
  return { role: turn.role, content: turn.parts.map(anthropicBlock) };
}

function anthropicBlock(part: UserPart | AssistantPart): JsonObject {
  if (part.kind === 'tool-call') {
    return { type: 'tool_use', id: part.id, name: part.name, input: rawJson(part.args) };
  }
  if (part.kind !== 'image') return { ...textsOf([part], 'text')[0] };
  const { source } = part;
  return {
    type: 'image',
    source:
      source.type === 'base64'
        ? { type: 'base64', media_type: source.mediaType, data: source.data }
        : { type: 'url', url: addressOf(source) },
  };
}
