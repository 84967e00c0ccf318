import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { startGateway } from '../support/gateway.ts';
import { settle } from '../support/open-client.ts';
import { listenHttp } from '../support/loopback.ts';
import { questionOf } from '../support/pairs.ts';
import type { Pair } from '../support/pairs.ts';
import { alarms, requestLines } from '../support/request-lines.ts';

const LETTER = '~'; // stands nowhere else in an answer
const LETTER_BYTE = LETTER.charCodeAt(0);
const WORDS = LETTER.repeat(64 * 1024);

/** Three roads: bytes relayed as a stream, bytes relayed as JSON, events written anew. */
const ROADS = [
  {
    road: 'relayed events',
    type: 'anthropic',
    pair: { path: '/v1/messages', model: 'claude', ends: /$/ },
    stream: true,
    head: 'text/event-stream',
    opening: 'event: ping\ndata: {"type":"ping"}\n\n',
    piece: `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${WORDS}"}}\n\n`,
    closing: 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  },
  {
    road: 'relayed JSON',
    type: 'openai',
    pair: { path: '/v1/responses', model: 'gpt', ends: /$/ },
    stream: false,
    head: 'application/json',
    opening: '{"output":"',
    piece: WORDS,
    closing: '"}',
  },
  {
    road: 'translated events',
    type: 'anthropic',
    pair: { path: '/v1/chat/completions', model: 'claude', ends: /$/ },
    stream: true,
    head: 'text/event-stream',
    opening: [
      'data: {"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}\n\n',
      'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n',
    ].join(''),
    piece: `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${WORDS}"}}\n\n`,
    closing: [
      'data: {"type":"content_block_stop","index":0}\n\n',
      'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}\n\n',
      'data: {"type":"message_stop"}\n\n',
    ].join(''),
  },
] as const;
type Road = (typeof ROADS)[number];

const PIECES = 1500; // of 64 KiB: far more than the sockets in between can hold
const HALF = PIECES / 2;

/** An upstream that writes as long as its socket takes it, and the gateway in front of it. */
async function startFlood({ type, head, opening, piece, closing }: Road) {
  const seen = { pieces: 0, closed: false };
  const write = (response: ServerResponse): void => {
    while (seen.pieces < PIECES) {
      seen.pieces++;
      if (response.write(piece)) continue;
      response.once('drain', () => write(response));
      return;
    }
    response.end(closing);
  };
  const upstream = await listenHttp((request, response) => {
    request.resume();
    response.on('close', () => (seen.closed = true));
    response.writeHead(200, { 'content-type': head }).write(opening);
    write(response);
  });
  const gateway = await startGateway({ config: { endpoint: [{ name: type, base_url: upstream.url }] } });
  return { ...gateway, seen };
}

/** Asks, and reads nothing of the answer but its head. */
function ask(url: string, pair: Pair, stream: boolean): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      agent: false,
    } as const;
    http
      .request(url + pair.path, options, resolve)
      .on('error', reject)
      .end(JSON.stringify(questionOf(pair, stream)));
  });
}

/** Resolves when a number has not changed for many turns of the event loop. */
async function standsStill(read: () => number): Promise<void> {
  const before = read();
  await settle(500);
  if (read() !== before) await standsStill(read);
}

describe('a client that does not read', () => {
  it.each(ROADS)('pauses the upstream, and gets everything when it reads on: $road', async (road) => {
    const { url, seen, clock, settings } = await startFlood(road);
    const response = await ask(url, road.pair, road.stream);
    await standsStill(() => seen.pieces);
    expect(seen.pieces).toBeGreaterThan(0);
    expect(seen.pieces).toBeLessThan(HALF);

    clock.advance(settings.timeouts.idleMs * 2); // its own slowness is not the upstream's silence
    let letters = 0;
    let beats = 0;
    let end = '';
    response.on('data', (chunk: Buffer) => {
      letters += countOf(chunk);
      beats += beatsIn(chunk.toString('latin1'));
      end = chunk.subarray(-40).toString('utf8');
    });
    await until(() => response.closed);
    expect(response.complete).toBe(true);
    expect(letters).toBe(PIECES * WORDS.length);
    expect(beats).toBe(beatsIn(road.stream ? road.opening : '')); // none has piled up before it
    expect(end).toMatch(/message_stop|\}$|\[DONE\]/);
  });

  it.each(ROADS)('ends the upstream when it leaves: $road', async (road) => {
    const { url, seen, logger, clock } = await startFlood(road);
    const response = await ask(url, road.pair, road.stream);
    await standsStill(() => seen.pieces);
    response.destroy();
    await until(() => seen.closed);
    await until(() => requestLines(logger).length > 0);
    expect(seen.pieces).toBeLessThan(HALF);
    expect(requestLines(logger)).toEqual([expect.objectContaining({ errorKind: 'cancelled' })]);
    expect(alarms(logger)).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

const beatsIn = (text: string): number => text.split('ping').length - 1;

const countOf = (bytes: Buffer): number =>
  bytes.reduce((count, byte) => (byte === LETTER_BYTE ? count + 1 : count), 0);
