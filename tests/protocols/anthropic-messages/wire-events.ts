/** Events of a Messages stream, as objects for `sseOf`. */
export const START = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude', usage: { input_tokens: 3 } },
};
export const STOP = { type: 'message_stop' };

export const end = (stopReason: string): object => ({
  type: 'message_delta',
  delta: { stop_reason: stopReason },
});
export const open = (contentBlock: object, index = 0): object => ({
  type: 'content_block_start',
  index,
  content_block: contentBlock,
});
export const delta = (members: object, index = 0): object => ({
  type: 'content_block_delta',
  index,
  delta: members,
});
export const close = (index = 0): object => ({ type: 'content_block_stop', index });

export const TEXT = [open({ type: 'text', text: 'Hi' }), close()];

export const openCall = (input: object = {}): object =>
  open({ type: 'tool_use', id: 't1', name: 'f', input });
export const args = (text: string): object => delta({ type: 'input_json_delta', partial_json: text });
