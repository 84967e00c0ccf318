import { FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import type { Content, GenerateContentParameters, GenerateContentResponse, Part, Tool } from '@google/genai';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import { ask, FACTORY_HEADERS, jsonOf, openSandbox, PATHS, smallBody } from './raw-client.ts';

const clientOf = (sandbox: Sandbox): GoogleGenAI =>
  new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: sandbox.url } });

const model = 'gemini-3-flash-preview';
const declare = (name: string): Tool => ({
  functionDeclarations: [
    { name, parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } } } },
  ],
});

async function streamed(params: GenerateContentParameters): Promise<readonly GenerateContentResponse[]> {
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of await clientOf(await openSandbox()).models.generateContentStream(params))
    chunks.push(chunk);
  return chunks;
}

const whole = async (params: GenerateContentParameters): Promise<GenerateContentResponse> =>
  clientOf(await openSandbox()).models.generateContent(params);

const partsOf = (chunks: readonly GenerateContentResponse[]): readonly Part[] =>
  chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
const textOf = (parts: readonly Part[]): string =>
  parts.map((part) => (part.thought === true ? '' : (part.text ?? ''))).join('');

describe('the sandbox as the Gemini API, read by the official SDK', () => {
  it('tells the same text streamed and whole', async () => {
    const params = { model, contents: 'Grüezi 你好' };
    const chunks = await streamed(params);
    const text = 'Hello from the sandbox 👋 You wrote: "Grüezi 你好".';
    expect(textOf(partsOf(chunks))).toBe(text);
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP');
    expect((await whole(params)).text).toBe(text);
  });

  it('thinks in thought parts and signs an empty last part', async () => {
    const chunks = await streamed({
      model,
      contents: 'hi',
      config: { thinkingConfig: { includeThoughts: true } },
    });
    const parts = partsOf(chunks);
    expect(parts[0]).toMatchObject({ thought: true });
    expect(parts.at(-1)).toMatchObject({
      text: '',
      thoughtSignature: expect.stringMatching(/^\S+$/) as string,
    });
    expect(chunks.at(-1)?.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(0);
    expect(chunks.at(-1)?.usageMetadata?.cachedContentTokenCount).toBeGreaterThan(0);
  });

  it('calls two functions and takes its signed calls and the responses back', async () => {
    const tools = [declare('get_weather'), declare('get_time')];
    const first = await whole({ model, contents: 'go', config: { tools } });
    const parts = first.candidates?.[0]?.content?.parts ?? [];
    const calls = parts.filter((part) => part.functionCall !== undefined);
    expect(calls).toMatchObject([
      {
        functionCall: { name: 'get_weather', args: { city: 'example-1' } },
        thoughtSignature: expect.any(String) as string,
      },
      { functionCall: { name: 'get_time', args: { city: 'example-2' } } },
    ]);
    expect(calls[1]).not.toHaveProperty('thoughtSignature');
    const answers = calls.map(({ functionCall }) => ({
      functionResponse: {
        ...functionCall,
        args: undefined,
        response: { output: `of ${functionCall?.name ?? ''}` },
      },
    }));
    const contents = [
      { role: 'user', parts: [{ text: 'go' }] },
      { role: 'model', parts },
      { role: 'user', parts: answers },
    ] as Content[];
    const second = await whole({ model, contents, config: { tools } });
    expect(second.text).toBe('Thank you. The tools answered: "of get_weather" and "of get_time".');
  });

  it.each([
    ['AUTO', undefined, ['get_weather', 'get_time']],
    ['NONE', undefined, []],
    ['ANY', ['get_time'], ['get_time']],
    ['ANY', undefined, ['get_weather', 'get_time']],
  ] as const)('calls what it should in mode %s with %s allowed', async (mode, allowed, names) => {
    const functionCallingConfig = {
      mode: FunctionCallingConfigMode[mode],
      ...(allowed === undefined ? {} : { allowedFunctionNames: [...allowed] }),
    };
    const tools = [declare('get_weather'), declare('get_time')];
    const chunks = await streamed({
      model,
      contents: 'go',
      config: { tools, toolConfig: { functionCallingConfig } },
    });
    expect(partsOf(chunks).flatMap((part) => part.functionCall?.name ?? [])).toEqual(names);
  });

  it('gives its calls ids on Gemini 3 only', async () => {
    const config = { tools: [declare('get_weather')] };
    const newer = await streamed({ model, contents: 'go', config });
    const older = await streamed({ model: 'gemini-2.5-pro', contents: 'go', config });
    expect(partsOf(newer).find((part) => part.functionCall)?.functionCall?.id).toEqual(expect.any(String));
    expect(partsOf(older).find((part) => part.functionCall)?.functionCall).not.toHaveProperty('id');
  });

  it('ends with MAX_TOKENS, without half a call', async () => {
    const text = await whole({ model, contents: 'hi', config: { maxOutputTokens: 3 } });
    expect(text.candidates?.[0]).toMatchObject({
      finishReason: 'MAX_TOKENS',
      content: { parts: [{ text: 'Hello from t' }] },
    });
    const config = { maxOutputTokens: 8, tools: [declare('get_weather')] };
    const call = await whole({ model, contents: 'hi', config });
    expect(call.functionCalls).toBeUndefined();
  });

  it('counts media, obeys stop sequences and answers in JSON on request', async () => {
    const inline = (mimeType: string): Part => ({ inlineData: { mimeType, data: 'aaaa' } });
    const parts = [inline('image/png'), inline('application/pdf'), inline('audio/wav'), { text: 'x' }];
    const seen = await whole({ model, contents: [{ role: 'user', parts }] });
    expect(seen.text).toContain('I see 1 image and 1 document and 1 recording.');
    const stopped = await whole({ model, contents: 'hi', config: { stopSequences: ['sandbox'] } });
    expect(stopped.text).toBe('Hello from the ');
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } } };
    const config = { responseMimeType: 'application/json', responseJsonSchema: schema };
    expect((await whole({ model, contents: 'hi', config })).text).toBe('{"ok":true}');
  });
});

describe('the routes of Gemini', () => {
  it('stream at Factory whatever the caller wants', async () => {
    const sandbox = await openSandbox();
    const answer = await ask(sandbox, { path: PATHS.generate, body: smallBody('generate', 'hi', false) });
    expect(answer.headers['content-type']).toContain('text/event-stream');
    expect(answer.text).toMatch(/^data: \{"candidates"/);
  });

  it('stream one JSON array at Google when alt=sse is missing', async () => {
    const sandbox = await openSandbox();
    const body = smallBody('generate', 'hi', true);
    const path = '/v1beta/models/gemini-2.5-pro:streamGenerateContent';
    const answer = await ask(sandbox, { path, body, headers: { ...FACTORY_HEADERS, 'x-goog-api-key': 'k' } });
    const chunks = jsonOf(answer) as GenerateContentResponse[];
    expect(textOf(partsOf(chunks))).toBe('Hello from the sandbox 👋 You wrote: "hi".');
  });
});
