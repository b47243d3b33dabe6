import type { PieceTokens } from './read-pieces.js'

/** A turn that was taken, and what it was given since the turn before. */
export interface KnownTurn {
  /** As it was told to the caller. */
  readonly text: string
  /** As they were sampled. */
  readonly ids: readonly number[]
  readonly before: PieceTokens
}

/** How the prompt of the next turn comes about: turns, and what follows them. */
export interface PromptPlan {
  /** These are the turns that are known, token by token; else the conversation is another than what is known. */
  readonly isKnown: boolean
  readonly turns: readonly KnownTurn[]
  readonly added: PieceTokens
}

/**
 * Compare a conversation, token by token, with what is known of it. `pieces` surround `turns`: one more than there are turns. A turn whose text is known keeps the tokens that were sampled, even
 * where something before it differs.
 */
export function planPrompt({
  pieces,
  turns,
  known,
  stopIds,
  encode,
}: {
  pieces: readonly PieceTokens[]
  turns: readonly string[]
  known: readonly KnownTurn[]
  stopIds: ReadonlySet<number>
  /** For turns that were not sampled here. */
  encode: (text: string) => readonly number[]
}): PromptPlan {
  const ids = turns.map((text, at) => (known[at]?.text === text ? known[at].ids : null))
  const placed = pieces.map((piece, at) => afterTurn({ piece, turn: ids[at - 1] ?? [], stopIds }))
  const added = placed.at(-1) ?? NOTHING
  const isKnown =
    turns.length > 0 &&
    known.length === turns.length &&
    known.every(({ before }, at) => ids[at] !== null && isSame({ written: placed[at] ?? NOTHING, before }))
  if (isKnown) return { isKnown, turns: known, added }
  const other = turns.map((text, at) => ({
    text,
    ids: ids[at] ?? encode(text),
    before: placed[at] ?? NOTHING,
  }))
  return { isKnown, turns: other, added }
}

const NOTHING: PieceTokens = { ids: [], images: [] }

/** A template ends each turn itself: not once more where the turn was sampled with that very token. */
function afterTurn({
  piece,
  turn,
  stopIds,
}: {
  piece: PieceTokens
  turn: readonly number[]
  stopIds: ReadonlySet<number>
}): PieceTokens {
  const end = turn.at(-1)
  if (end === undefined || !stopIds.has(end) || piece.ids[0] !== end) return piece
  return { ids: piece.ids.slice(1), images: piece.images }
}

/** What was given to begin a turn may go on behind what the template writes of it later, such as an opened `<think>`. */
function isSame({ written, before }: { written: PieceTokens; before: PieceTokens }): boolean {
  return (
    written.ids.length <= before.ids.length &&
    written.ids.every((id, at) => id === before.ids[at]) &&
    written.images.length === before.images.length &&
    written.images.every((image, at) => image.sha256 === before.images[at]?.sha256)
  )
}
