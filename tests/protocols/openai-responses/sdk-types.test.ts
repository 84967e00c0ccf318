import type {
  Response,
  ResponseApplyPatchToolCall,
  ResponseCreateParamsStreaming,
  ResponseErrorEvent,
  ResponseFunctionShellToolCall,
  ResponseInputItem,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseReasoningItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/kernel/gateway-error.ts';
import type { Block } from '../../../src/kernel/reply.ts';
import {
  answerContext,
  ask,
  callBlock,
  client,
  encode,
  encodeStreamed,
  replyWith,
  wireEvents,
} from './support.ts';

// What is sent back to the service has no ids, which its types ask for and it does not.
type Unnumbered<T extends { id: string }> = Omit<T, 'id' | 'status'>;
type SentItem = ResponseInputItem | Unnumbered<ResponseOutputMessage> | Unnumbered<ResponseReasoningItem>;
type SentBody = Omit<ResponseCreateParamsStreaming, 'input'> & { readonly input: SentItem[] };

describe('the official types of openai-responses', () => {
  it('fit what is sent to the service', () => {
    const expected = {
      instructions: 'Be brief.',
      input: [
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'hi' },
            { type: 'input_image', image_url: 'https://example.com/a', detail: 'auto' },
          ],
        },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 's' }], encrypted_content: 'gAAA' },
        {
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'x', annotations: [] }],
        },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: 'done' },
      ],
      tools: [
        { type: 'function', name: 'f', parameters: { type: 'object', properties: {} }, strict: false },
        { type: 'custom', name: 'c' },
      ],
      tool_choice: { type: 'function', name: 'f' },
      parallel_tool_calls: false,
      text: { format: { type: 'json_schema', name: 'response', schema: {} }, verbosity: 'low' },
      max_output_tokens: 16,
      temperature: 0.5,
      top_p: 0.9,
      top_logprobs: 1,
      prompt_cache_key: 'k',
      safety_identifier: 'u',
      service_tier: 'flex',
      stream: true,
      store: false,
      include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
    } satisfies SentBody;
    const opaque = { issuer: 'openai', family: '', kind: 'encrypted_content', data: 'gAAA' } as const;
    const { body } = encode({
      system: [{ role: 'system', text: 'Be brief.' }],
      turns: [
        {
          role: 'user',
          at: 'messages[0]',
          parts: [
            { kind: 'text', text: 'hi' },
            { kind: 'image', source: { type: 'url', url: 'https://example.com/a' } },
          ],
        },
        {
          role: 'assistant',
          at: 'messages[1]',
          parts: [
            { kind: 'reasoning', summary: ['s'], opaque },
            { kind: 'text', text: 'x' },
            { kind: 'tool-call', id: 'a', callKind: 'function', name: 'f', args: '{}' },
          ],
        },
        {
          role: 'tool',
          at: 'messages[2]',
          results: [{ at: 'm', callId: 'a', callKind: 'function', parts: [{ kind: 'text', text: 'done' }] }],
        },
      ],
      tools: [
        { kind: 'function', at: 'tools[0]', name: 'f' },
        { kind: 'custom', at: 'tools[1]', name: 'c' },
      ],
      toolChoice: { type: 'tool', name: 'f' },
      parallelToolCalls: false,
      format: { type: 'json-schema', schema: {} },
      verbosity: 'low',
      maxTokens: 1,
      sampling: { temperature: 0.5, topP: 0.9 },
      logprobs: { top: 1 },
      cacheKey: 'k',
      endUser: 'u',
      serviceTier: 'flex',
    });
    expect(body).toEqual(expected);
  });

  it('fit the answer as a client reads it', () => {
    const expected = {
      id: expect.any(String) as string,
      object: 'response',
      created_at: 1795800000,
      status: 'completed',
      completed_at: 1795800123,
      error: null,
      incomplete_details: null,
      model: 'asked-model',
      output: [
        {
          id: expect.any(String) as string,
          type: 'function_call',
          status: 'completed',
          call_id: 'a',
          name: 'get_weather',
          arguments: '{}',
        },
      ],
      usage: {
        input_tokens: 0,
        input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        output_tokens: 1,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 1,
      },
      background: false,
      instructions: null,
      max_output_tokens: null,
      metadata: {},
      parallel_tool_calls: true,
      previous_response_id: null,
      reasoning: { effort: null, summary: null },
      service_tier: 'default',
      temperature: 1,
      text: { format: { type: 'text' } },
      tool_choice: 'auto',
      tools: [],
      top_p: 1,
      truncation: 'disabled',
      // `output_text` is made by the SDK; `store` is on the wire and in no type.
    } satisfies Omit<Response, 'output_text'>;
    expect(client.encodeReply(replyWith([callBlock('a', '{}')]), answerContext())).toEqual({
      ...expected,
      store: false,
    });
  });

  it('fit the calls of built-in tools', () => {
    const [id, call_id, status] = [expect.any(String) as string, 'a', 'completed' as const];
    const expected = [
      {
        ...{ id, call_id, status },
        type: 'local_shell_call',
        action: { type: 'exec', command: ['ls'], env: {} },
      } satisfies ResponseOutputItem.LocalShellCall,
      {
        ...{ id, call_id, status },
        type: 'shell_call',
        action: { commands: ['ls'], timeout_ms: null, max_output_length: null },
        environment: null,
      } satisfies ResponseFunctionShellToolCall,
      {
        ...{ id, call_id, status },
        type: 'apply_patch_call',
        operation: { type: 'create_file', path: 'a', diff: '+b' },
      } satisfies ResponseApplyPatchToolCall,
    ];
    const args = {
      local_shell: '{"command":["ls"]}',
      shell: '{"commands":["ls"]}',
      apply_patch: '{"type":"create_file","path":"a","diff":"+b"}',
    };
    const tools = Object.keys(args).map(
      (name) => ({ kind: 'function', at: 'tools[0]', name, builtin: name }) as const,
    );
    const blocks = Object.entries(args).map(([name, text]) => ({ ...callBlock('a', text), name }) as Block);
    const told = client.encodeReply(replyWith(blocks), answerContext(ask({ tools })));
    expect(told['output']).toEqual(expected);
  });

  it('fit the events of a call', () => {
    const item_id = expect.any(String) as string;
    const expected = [
      {
        type: 'response.function_call_arguments.delta',
        sequence_number: 3,
        item_id,
        output_index: 0,
        delta: '{"a":1}',
      },
      {
        type: 'response.function_call_arguments.done',
        sequence_number: 4,
        item_id,
        output_index: 0,
        arguments: '{"a":1}',
        name: 'get_weather',
      },
    ] satisfies ResponseStreamEvent[];
    expect(encodeStreamed(replyWith([callBlock('a', '{"a":1}')])).slice(3, 5)).toEqual(expected);
  });

  it('fit a failure in the middle of a stream', () => {
    const expected = {
      type: 'error',
      sequence_number: 0,
      code: 'timeout',
      message: 'late',
      param: null,
    } satisfies ResponseErrorEvent;
    const [event] = wireEvents(client.encodeStreamError(new GatewayError('timeout', 'late'), 'req_1'));
    expect(event).toMatchObject(expected);
  });
});
