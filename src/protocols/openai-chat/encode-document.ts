import { assertNever } from '../../kernel/assert-never.ts';
import type { EncodeContext } from '../../kernel/codec.ts';
import type { DocumentPart } from '../../kernel/conversation.ts';
import { invalidField, unsupportedField } from '../../kernel/gateway-error.ts';
import type { JsonObject } from '../../kernel/json.ts';

/**
 * A document as a file part, or as text headed by its title where it is text.
 *
 * @param at - the client's path of the part, for errors and notes.
 * @throws GatewayError `invalid-request` when the model reads no such document.
 */
export function encodeDocument(part: DocumentPart, at: string, context: EncodeContext): JsonObject {
  const { source } = part;
  if (part.context !== undefined) context.losses.note(`${at}.context`, 'dropped');
  if (part.citations === true) context.losses.note(`${at}.citations`, 'dropped');
  if (source.type === 'text') return textPart(part, source.text);
  if (source.type === 'base64' && source.mediaType.startsWith('text/')) {
    return textPart(part, decodeBase64(source.data, at));
  }
  if (context.capabilities.pdf === false) throw unsupportedField(at, 'this model takes no documents');
  switch (source.type) {
    case 'base64': {
      const data = `data:${source.mediaType};base64,${source.data}`;
      return { type: 'file', file: { filename: filenameOf(part, source.mediaType), file_data: data } };
    }
    case 'url':
      throw unsupportedField(at, 'this model takes no documents by URL, only as data');
    case 'file':
      if (source.owner === 'openai-chat') return { type: 'file', file: { file_id: source.fileId } };
      throw unsupportedField(
        at,
        'a file id is known only to the service that holds the file; send its content',
      );
    default:
      return assertNever(source, 'source');
  }
}

function textPart({ title, filename }: DocumentPart, text: string): JsonObject {
  const heading = title ?? filename ?? '';
  return { type: 'text', text: heading === '' ? text : `${heading}\n\n${text}` };
}

/** The service tells the kind of a file by the ending of its name. */
function filenameOf({ filename, title }: DocumentPart, mediaType: string): string {
  if (filename !== undefined) return filename;
  const name = title ?? 'document';
  return mediaType === 'application/pdf' && !/\.\w{1,5}$/.test(name) ? `${name}.pdf` : name;
}

function decodeBase64(data: string, at: string): string {
  try {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    throw invalidField(at, 'its data is not base64');
  }
}
