import type { JsonObject } from '../../kernel/json.ts';

/** A tool that the client runs although the dialect, not the client, says what its calls look like. */
export interface BuiltinTool {
  readonly description: string;
  /** What its calls hold in place of arguments, as a JSON Schema. */
  readonly schema: JsonObject;
  /** The member of a call's item that holds them. */
  readonly member: 'action' | 'operation';
}

const text = (description: string): JsonObject => ({ type: 'string', description });
const count = (description: string): JsonObject => ({ type: 'integer', minimum: 1, description });
const texts = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  description,
});

const LOCAL_SHELL: BuiltinTool = {
  description: "Runs one command on the user's machine and returns what it prints.",
  schema: {
    type: 'object',
    properties: {
      type: { type: 'string', enum: ['exec'] },
      command: texts('The program and its arguments, one element each. No shell reads them.'),
      env: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Environment variables to set for the command.',
      },
      timeout_ms: count('Milliseconds after which the command is stopped.'),
      user: text('The user to run the command as.'),
      working_directory: text('The directory to run the command in.'),
    },
    required: ['type', 'command'],
    additionalProperties: false,
  },
  member: 'action',
};

const SHELL: BuiltinTool = {
  description:
    "Runs shell commands on the user's machine and returns, for each, what it prints and how it ends.",
  schema: {
    type: 'object',
    properties: {
      commands: texts('The commands, each a whole command line. They may run at the same time.'),
      timeout_ms: count('Milliseconds after which each command is stopped.'),
      max_output_length: count('Characters of output to return of each command.'),
    },
    required: ['commands'],
    additionalProperties: false,
  },
  member: 'action',
};

const APPLY_PATCH: BuiltinTool = {
  description: "Creates, changes or deletes one file in the user's workspace.",
  schema: {
    type: 'object',
    properties: {
      type: {
        type: 'string',
        enum: ['create_file', 'update_file', 'delete_file'],
        description: 'What to do with the file.',
      },
      path: text('The path of the file, relative to the root of the workspace.'),
      diff: text(
        'Needed unless the file is deleted: the change as a V4A diff, without the *** lines around it. ' +
          'Each hunk begins with @@, perhaps followed by the enclosing class or function; ' +
          'its lines begin with a space (context), - (removed) or + (added). ' +
          'For a new file, all its lines, each behind a +.',
      ),
    },
    required: ['type', 'path'],
    additionalProperties: false,
  },
  member: 'operation',
};

/** The tools of that kind by wire type, which is also the name that a model calls them by; a call's item is `<type>_call`. */
export const BUILTIN_TOOLS: ReadonlyMap<string, BuiltinTool> = new Map([
  ['local_shell', LOCAL_SHELL],
  ['shell', SHELL],
  ['apply_patch', APPLY_PATCH],
]);
