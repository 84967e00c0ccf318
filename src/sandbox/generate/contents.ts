import { findObject, findString, isJsonArray, isJsonObject } from '../../kernel/json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import { unseal } from '../seal.ts';
import { refuse, refuseUnknown } from './refuse.ts';

/** One content, its parts checked. */
export interface Content {
  readonly role: 'user' | 'model';
  readonly parts: readonly JsonObject[];
}

const DATA_FIELDS = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
];
const OTHER_FIELDS = ['thought', 'thoughtSignature', 'videoMetadata', 'mediaResolution', 'partMetadata'];
/** What Google tells callers to send when a call comes from another model. */
const SIGNATURE_BYPASSES = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];

/** @throws Refusal for contents that are missing, empty or hold a part that is none. */
export function readContents(value: Json | undefined): readonly Content[] {
  if (!isJsonArray(value) || value.length === 0) {
    refuse('* GenerateContentRequest.contents: contents is not specified\n');
  }
  return value.map((entry, index) => readContent(findObject(entry) ?? {}, `contents[${index}]`));
}

function readContent(content: JsonObject, where: string): Content {
  refuseUnknown(content, where, ['role', 'parts']);
  const role = content['role'] ?? 'user';
  if (role !== 'user' && role !== 'model') refuse('Please use a valid role: user, model.');
  const parts = content['parts'];
  if (!isJsonArray(parts) || parts.length === 0) {
    refuse(`* GenerateContentRequest.${where}.parts: contents.parts must not be empty.\n`);
  }
  return {
    role,
    parts: parts.map((entry, index) => readPart(findObject(entry) ?? {}, `${where}.parts[${index}]`)),
  };
}

function readPart(part: JsonObject, where: string): JsonObject {
  refuseUnknown(part, where, [...DATA_FIELDS, ...OTHER_FIELDS]);
  const held = DATA_FIELDS.filter((field) => part[field] !== undefined);
  if (held.length !== 1) {
    refuse(
      `* GenerateContentRequest.${where}.data: required oneof field 'data' must have one initialized field\n`,
    );
  }
  const call = findObject(part['functionCall']);
  if (call !== undefined) checkFunction(call, `${where}.functionCall`, 'args');
  const response = findObject(part['functionResponse']);
  if (response !== undefined) checkFunction(response, `${where}.functionResponse`, 'response');
  const signature = findString(part['thoughtSignature']);
  if (signature !== undefined && !isOwnSignature(signature)) refuse('Corrupted thought signature.');
  return part;
}

function checkFunction(member: JsonObject, where: string, field: 'args' | 'response'): void {
  refuseUnknown(member, where, ['id', 'name', field, 'parts', 'willContinue', 'scheduling']);
  if (findString(member['name']) === undefined)
    refuse(`* GenerateContentRequest.${where}.name: Name cannot be empty.\n`);
  const value = member[field] ?? (field === 'args' ? {} : undefined);
  if (!isJsonObject(value))
    refuse(`Invalid value at '${where}.${field}' (type.googleapis.com/google.protobuf.Struct)`);
}

const isOwnSignature = (signature: string): boolean =>
  SIGNATURE_BYPASSES.includes(signature) || unseal('gemini', signature) !== undefined;
