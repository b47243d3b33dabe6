/** Markup that is finished: nothing of it is escaped again. */
export interface Html {
  readonly text: string
}

type Piece = string | number | Html | null | readonly Piece[]

/** Markup with everything that is put in escaped, but what is markup itself; null is nothing. All text of a run is somebody else's. */
export function markup(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return { text: texts.reduce((sum, text, at) => sum + rendered(pieces[at - 1] ?? null) + text, '') }
}

function rendered(piece: Piece): string {
  if (piece === null) return ''
  if (isList(piece)) return piece.map(rendered).join('')
  return typeof piece === 'object' ? piece.text : escaped(String(piece))
}

function isList(piece: Piece): piece is readonly Piece[] {
  return Array.isArray(piece)
}

const NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  // Characters that turn text around, or end it, are shown and not obeyed.
  return text
    .replace(/[&<>"']/g, (character) => NAMES[character] ?? '')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
