import type { JsonObject } from '../../kernel/json.ts';

/** A tool whose form Anthropic lays down and whose calls the client carries out itself. */
export interface BuiltinTool {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonObject;
}

const text = (description: string): JsonObject => ({ type: 'string', description });
const integer = (description: string): JsonObject => ({ type: 'integer', description });
const oneOf = (words: readonly string[], description: string): JsonObject => ({
  type: 'string',
  enum: words,
  description,
});
const schemaOf = (properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
});

const VIEW_RANGE: JsonObject = {
  type: 'array',
  items: { type: 'integer' },
  minItems: 2,
  maxItems: 2,
  description: 'For view of a file: first and last line to show, from 1; -1 as the last means to the end.',
};

const BASH: BuiltinTool = {
  name: 'bash',
  description:
    'Runs a command in a bash session that stays open between calls: working directory, variables and files remain. ' +
    'Commands cannot ask for input. Give restart instead of a command to start a fresh session.',
  schema: schemaOf(
    {
      command: text('The command to run. Needed unless restart is true.'),
      restart: { type: 'boolean', description: 'True to restart the session.' },
    },
    [],
  ),
};

const MEMORY: BuiltinTool = {
  name: 'memory',
  description:
    'Keeps notes in files under the directory /memories, which outlive the conversation. Look there before starting ' +
    'on a task, and write down what will be needed later. view shows a directory or a file, create writes a file, ' +
    'str_replace and insert change one, delete removes a file or directory, rename moves it.',
  schema: schemaOf(
    {
      command: oneOf(['view', 'create', 'str_replace', 'insert', 'delete', 'rename'], 'What to do.'),
      path: text('The file or directory, for every command but rename, for example /memories/notes.txt.'),
      view_range: VIEW_RANGE,
      file_text: text('For create: the whole text of the file.'),
      old_str: text('For str_replace: the text to replace; it has to occur exactly once.'),
      new_str: text('For str_replace: the text to put in its place.'),
      insert_line: integer('For insert: the line behind which the text goes; 0 is the start of the file.'),
      insert_text: text('For insert: the text to insert.'),
      old_path: text('For rename: the present path.'),
      new_path: text('For rename: the new path.'),
    },
    ['command'],
  ),
};

/** The editor of the Claude 4 models, or the one before it, which inserts by another member and can undo. */
function textEditor(isOld: boolean): BuiltinTool {
  const insertion = isOld
    ? {
        new_str: text(
          'For str_replace: the text to put in place of old_str. For insert: the text to insert.',
        ),
      }
    : {
        new_str: text('For str_replace: the text to put in place of old_str.'),
        insert_text: text('For insert: the text to insert.'),
      };
  const commands = ['view', 'create', 'str_replace', 'insert', ...(isOld ? ['undo_edit'] : [])];
  return {
    name: isOld ? 'str_replace_editor' : 'str_replace_based_edit_tool',
    description:
      'Views and edits text files. view shows a file with line numbers or lists a directory, create writes a new ' +
      'file, str_replace replaces a text that occurs exactly once, spaces included, insert adds text behind a line' +
      (isOld ? ', undo_edit takes back the last edit of a file.' : '.'),
    schema: schemaOf(
      {
        command: oneOf(commands, 'What to do.'),
        path: text('Path of the file or directory.'),
        view_range: VIEW_RANGE,
        file_text: text('For create: the whole text of the file.'),
        old_str: text('For str_replace: the text to replace.'),
        ...insertion,
        insert_line: integer('For insert: the line behind which the text goes; 0 is the start of the file.'),
      },
      ['command', 'path'],
    ),
  };
}

/** The last version of the editor that was called `str_replace_editor`. */
const LAST_OLD_EDITOR = '20250124';

/** The tool behind a wire type such as `bash_20250124`, or `undefined` when the client does not run such a tool itself. */
export function findBuiltinTool(type: string): BuiltinTool | undefined {
  const [, family, version = ''] = /^(bash|memory|text_editor)_(\d{8})$/.exec(type) ?? [];
  switch (family) {
    case 'bash':
      return BASH;
    case 'memory':
      return MEMORY;
    case 'text_editor':
      return textEditor(version <= LAST_OLD_EDITOR);
    default:
      return undefined;
  }
}
