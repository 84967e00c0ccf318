import type { AssistantPart, SystemTurn, Tool, ToolResult, UserTurn } from '../../kernel/conversation.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Losses } from '../../kernel/losses.ts';

/** What one input item is to the conversation. */
export type Piece =
  | { readonly kind: 'user'; readonly turn: UserTurn }
  | { readonly kind: 'system'; readonly turn: SystemTurn }
  | { readonly kind: 'assistant'; readonly parts: readonly AssistantPart[] }
  | { readonly kind: 'result'; readonly result: ToolResult }
  | { readonly kind: 'tools'; readonly tools: readonly Tool[] }
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'nothing' };

/** An object that says how to answer, as the body itself does, and the client's path of it. */
export interface Settings {
  readonly members: JsonObject;
  readonly at: string;
}

/** What reading an item needs besides the item. */
export interface Reading {
  readonly losses: Losses;
  /** Call ids by the ids of the items that made the calls, for results that name the item. */
  readonly callIds: Map<string, string>;
}

/** Reads the items of one type; throws `invalid-request` naming the member that is wrong. */
export type ItemReader = (item: JsonObject, at: string, reading: Reading) => Piece;

/** The members that tell of an item's making and mean nothing to another service. */
export const ITEM_MEMBERS: readonly string[] = ['type', 'id', 'status', 'caller', 'created_by'];
