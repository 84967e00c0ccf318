import { findObject, findString, listOf } from '../../kernel/json.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Choice, OfferedTool } from '../question.ts';
import { checkSchema, JSON_SCHEMA_SUBSET, OPENAPI_SUBSET } from './check-schema.ts';
import { refuse, refuseUnknown } from './refuse.ts';

const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/;
const DECLARATION_FIELDS = [
  'name',
  'description',
  'behavior',
  'parameters',
  'parametersJsonSchema',
  'response',
  'responseJsonSchema',
];
const TOOL_FIELDS = [
  'functionDeclarations',
  'googleSearch',
  'googleSearchRetrieval',
  'codeExecution',
  'urlContext',
  'computerUse',
  'fileSearch',
  'googleMaps',
];

/** @throws Refusal for a declaration whose name or schema Gemini does not take. */
export function readTools(body: JsonObject): readonly OfferedTool[] {
  const tools = listOf(body['tools']).flatMap((entry, index) => {
    const tool = findObject(entry) ?? {};
    refuseUnknown(tool, `tools[${index}]`, TOOL_FIELDS);
    return listOf(tool['functionDeclarations']).map((declaration, place) =>
      readDeclaration(findObject(declaration) ?? {}, `tools[${index}].function_declarations[${place}]`),
    );
  });
  const names = tools.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) refuse(`Duplicate function declaration found: ${twice}`);
  return tools;
}

function readDeclaration(declaration: JsonObject, where: string): OfferedTool {
  refuseUnknown(declaration, where, DECLARATION_FIELDS);
  const name = findString(declaration['name']) ?? '';
  if (!NAME.test(name)) {
    refuse(
      `* GenerateContentRequest.${where}.name: Invalid function name. Must start with a letter or an underscore.\n`,
    );
  }
  const openApi = findObject(declaration['parameters']);
  const jsonSchema = findObject(declaration['parametersJsonSchema']);
  if (openApi !== undefined && jsonSchema !== undefined) {
    refuse(
      `* GenerateContentRequest.${where}: only one of parameters and parameters_json_schema may be set\n`,
    );
  }
  if (openApi !== undefined) checkSchema(openApi, `${where}.parameters`, OPENAPI_SUBSET);
  if (jsonSchema !== undefined)
    checkSchema(jsonSchema, `${where}.parameters_json_schema`, JSON_SCHEMA_SUBSET);
  return { name, kind: 'function', schema: openApi ?? jsonSchema };
}

/** The choice, and the tools that it leaves. @throws Refusal for a mode or a name that does not exist. */
export function readChoice(
  body: JsonObject,
  tools: readonly OfferedTool[],
): { readonly choice: Choice; readonly tools: readonly OfferedTool[] } {
  const config = findObject(findObject(body['toolConfig'])?.['functionCallingConfig']) ?? {};
  refuseUnknown(config, 'tool_config.function_calling_config', ['mode', 'allowedFunctionNames']);
  const mode = findString(config['mode']) ?? 'AUTO';
  if (!['AUTO', 'ANY', 'NONE', 'VALIDATED'].includes(mode)) {
    refuse(`Invalid value at 'tool_config.function_calling_config.mode': "${mode}"`);
  }
  const allowed = listOf(config['allowedFunctionNames']);
  const unknown = allowed.find((name) => !tools.some((tool) => tool.name === name));
  if (unknown !== undefined) {
    refuse('allowed_function_names must be a subset of the function declarations.');
  }
  const left = allowed.length === 0 ? tools : tools.filter(({ name }) => allowed.includes(name));
  const [only] = left;
  if (mode === 'NONE') return { choice: { kind: 'none' }, tools };
  if (mode === 'ANY' && only !== undefined && left.length === 1) {
    return { choice: { kind: 'tool', name: only.name }, tools: left };
  }
  return { choice: { kind: mode === 'ANY' ? 'any' : 'auto' }, tools: left };
}
