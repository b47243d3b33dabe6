import { MIMEType } from 'node:util'
// Node's own takes windows-1252, which iso-8859-1 is on the web, for ISO-8859-1: its quotes and dashes become control characters.
import { getBOMEncoding, TextDecoder } from '@exodus/bytes/encoding.js'

/** What a server answered in text. */
export interface AnsweredText {
  text: string
  /** Type and subtype in lower case; empty where the server named none. */
  type: string
}

/**
 * Decode a text as its server says that it is written; UTF-8 where it does not.
 * @param parameters.type its `content-type`, with the charset by a label of the WHATWG's Encoding Standard
 * @throws Error where the charset is not known, or bytes are not of it: nothing is replaced.
 */
export function readAnsweredText({ body, type }: { body: Buffer; type: string }): AnsweredText {
  const { essence, charset } = readType(type)
  // As the standard has it, a mark of the byte order tells more than a label, whose UTF-16 would be little-endian.
  const decoder = decoderOf(getBOMEncoding(body) ?? charset)
  try {
    return { text: decoder.decode(body), type: essence }
  } catch (cause) {
    throw new Error(`its server answered with text that is no ${charset.slice(0, 40)}`, { cause })
  }
}

function readType(type: string): { essence: string; charset: string } {
  try {
    const { essence, params } = new MIMEType(type)
    return { essence, charset: params.get('charset') ?? 'UTF-8' }
  } catch {
    return { essence: '', charset: 'UTF-8' } // none, or one that cannot be read
  }
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch (cause) {
    throw new Error(`its server answered in the charset "${charset.slice(0, 40)}", which is not known`, {
      cause,
    })
  }
}
