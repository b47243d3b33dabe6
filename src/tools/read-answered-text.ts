import { MIMEType } from 'node:util'

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
  const decoder = decoderOf(charset)
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
