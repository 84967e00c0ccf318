import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.ts';
import { decode } from './support.ts';

const at = (param: string) =>
  expect.objectContaining({
    kind: 'invalid-request',
    details: expect.objectContaining({ param }) as object,
  }) as Error;
const withPart = (part: JsonObject) => ({ role: 'user', content: [{ type: 'text', text: 'a' }, part] });
const withCall = (call: JsonObject) => ({ role: 'assistant', tool_calls: [call] });

describe('openai-chat refusals of messages', () => {
  it.each([
    ['a message without a role', {}, 'messages[1].role'],
    ['an unknown role', { role: 'robot', content: 'a' }, 'messages[1].role'],
    ['a role that is a name of every object', { role: 'constructor' }, 'messages[1].role'],
    ['no content', { role: 'user' }, 'messages[1].content'],
    ['content of another type', { role: 'user', content: 5 }, 'messages[1].content'],
    ['assistant content of another type', { role: 'assistant', content: 5 }, 'messages[1].content'],
    ['a part of another type', { role: 'user', content: ['a'] }, 'messages[1].content[0]'],
    ['a name of another type', { role: 'user', content: 'a', name: 5 }, 'messages[1].name'],
    ['no id of the call', { role: 'tool', content: 'a' }, 'messages[1].tool_call_id'],
    ['no content of a result', { role: 'tool', tool_call_id: 'c' }, 'messages[1].content'],
    ['no name of the function', { role: 'function', content: 'a' }, 'messages[1].name'],
    ['an empty name of the function', { role: 'function', name: '', content: 'a' }, 'messages[1].name'],
    [
      'a cache mark of another type',
      { role: 'user', content: 'a', cache_control: 'yes' },
      'messages[1].cache_control',
    ],
    ['an audio answer', { role: 'assistant', audio: { id: 'a' } }, 'messages[1].audio'],
    [
      'reasoning of another type',
      { role: 'assistant', reasoning_content: 5 },
      'messages[1].reasoning_content',
    ],
    ['a refusal of another type', { role: 'assistant', refusal: 5 }, 'messages[1].refusal'],
    [
      'a refusal part without text',
      { role: 'assistant', content: [{ type: 'refusal' }] },
      'messages[1].content[0].refusal',
    ],
    [
      'an image in a system message',
      { role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://a.example' } }] },
      'messages[1].content[0].type',
    ],
    [
      'audio in a result',
      { role: 'tool', tool_call_id: 'c', content: [{ type: 'input_audio' }] },
      'messages[1].content[0].type',
    ],
    [
      'an old call without a name',
      { role: 'assistant', function_call: {} },
      'messages[1].function_call.name',
    ],
    [
      'an old call with an empty name',
      { role: 'assistant', function_call: { name: '' } },
      'messages[1].function_call.name',
    ],
    ['calls that are no list', { role: 'assistant', tool_calls: {} }, 'messages[1].tool_calls'],
  ])('names the path of %s', (_what, message, param) => {
    const messages = [{ role: 'user', content: 'hi' }, message];
    expect(() => decode({ messages })).toThrow(at(param));
  });

  it.each([
    ['a kind nobody knows', { type: 'video_url' }, 'type'],
    ['a kind of another dialect', { type: 'input_text', text: 'a' }, 'type'],
    ['no kind', {}, 'type'],
    ['text of another type', { type: 'text', text: 5 }, 'text'],
    ['no image', { type: 'image_url' }, 'image_url'],
    ['an image of another type', { type: 'image_url', image_url: 5 }, 'image_url'],
    ['an image that is text but no address', { type: 'image_url', image_url: 'a.png' }, 'image_url'],
    ['no image address', { type: 'image_url', image_url: {} }, 'image_url.url'],
    ['an image address of another type', { type: 'image_url', image_url: { url: 5 } }, 'image_url.url'],
    ['an image from the disk', { type: 'image_url', image_url: { url: 'file:///a' } }, 'image_url.url'],
    [
      'image data that is not base64',
      { type: 'image_url', image_url: { url: 'data:image/png,a' } },
      'image_url.url',
    ],
    [
      'image data without a kind',
      { type: 'image_url', image_url: { url: 'data:;base64,a' } },
      'image_url.url',
    ],
    [
      'image data without data',
      { type: 'image_url', image_url: { url: 'data:image/png;base64' } },
      'image_url.url',
    ],
    ['no audio', { type: 'input_audio' }, 'input_audio'],
    ['audio without data', { type: 'input_audio', input_audio: { format: 'wav' } }, 'input_audio.data'],
    ['audio without a format', { type: 'input_audio', input_audio: { data: 'a' } }, 'input_audio.format'],
    [
      'audio of another format',
      { type: 'input_audio', input_audio: { data: 'a', format: 'ogg' } },
      'input_audio.format',
    ],
    ['an empty file', { type: 'file', file: {} }, 'file'],
    ['file data of another type', { type: 'file', file: { file_data: 5 } }, 'file.file_data'],
    ['a cache mark of another type', { type: 'text', text: 'a', cache_control: 5 }, 'cache_control'],
  ])('names the path of a part with %s', (_what, part, path) => {
    expect(() => decode({ messages: [withPart(part)] })).toThrow(at(`messages[0].content[1].${path}`));
  });

  it.each([
    ['no id', { function: { name: 'f' } }, 'id'],
    ['no function', { id: 'c', type: 'function' }, 'function'],
    ['no name', { id: 'c', function: {} }, 'function.name'],
    ['an empty name', { id: 'c', function: { name: '' } }, 'function.name'],
    ['a kind nobody knows', { id: 'c', type: 'mcp' }, 'type'],
    ['arguments of another type', { id: 'c', function: { name: 'f', arguments: 5 } }, 'function.arguments'],
    ['input of another type', { id: 'c', type: 'custom', custom: { name: 'f', input: 5 } }, 'custom.input'],
  ])('names the path of a call with %s', (_what, call, path) => {
    expect(() => decode({ messages: [withCall(call)] })).toThrow(at(`messages[0].tool_calls[0].${path}`));
  });
});
