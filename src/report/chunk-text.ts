const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '<': '\\x3c',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/**
 * A chunk of data as a script. A page that was opened as a file may fetch nothing, but it may load scripts: this one hands a text over and does nothing else. The
 * JSON is parsed by the page as JSON, so that a key `__proto__` stays a key.
 */
export function chunkScript(json: string): string {
  return `codevisionChunk('${json.replace(/[\\'<\u2028\u2029]/g, (character) => ESCAPES[character] ?? '')}')\n`
}

/** JSON that can stand in a page as a block of data: nothing in it can end the block or begin a comment. */
export function chunkBlock(json: string): string {
  return json.replaceAll('<', '\\u003c')
}
