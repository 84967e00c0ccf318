import type { Protocol } from '../kernel/codec.ts';
import type { ProtocolId } from '../kernel/conversation.ts';
import { anthropicMessages } from './anthropic-messages/index.ts';
import { googleGenerate } from './google-generate/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

/** Every wire format that the gateway speaks. */
export interface Protocols {
  readonly all: readonly Protocol[];
  readonly byId: (id: ProtocolId) => Protocol;
}

const BY_ID: Readonly<Record<ProtocolId, Protocol>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'google-generate': googleGenerate,
};

export const protocols: Protocols = { all: Object.values(BY_ID), byId: (id) => BY_ID[id] };
