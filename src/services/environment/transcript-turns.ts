import { asksForCall, type WrittenTurns } from './written-turns.js'

const OPEN = '<tool_response>'
const CLOSE = '</tool_response>'
/** What chat templates of the Hermes kind put around an answer of a tool, special tokens left out. */
const BEFORE = /\n?(?:user\n)?(?:<tool_response>\s*)?$/
const BEHIND = /^(?:\s*<\/tool_response>)?\n?(?:assistant\n)?/

/**
 * What a model wrote, from a whole rollout as a trainer decodes it: turns of the model and answers of the tool in one text, without special tokens. Which calls were run
 * is known already; here only their answers are found again, in their order: as they were told, else (a tokenizer or a limit has changed them) by the marks of the template.
 * Calls that a trainer answered by itself (of a tool that is none) stay in the text of the turn behind them. A last turn that holds a call, or nothing, was cut off.
 */
export function transcriptTurns({
  text,
  told,
  opening = '',
}: {
  text: string
  /** Answers that the tool gave, in the order of the calls. */
  told: readonly string[]
  /** What the chat template itself begins each turn of the model with, `<think>` and a line break say; it is not in the text. */
  opening?: string | undefined
}): WrittenTurns {
  const begun = (turn: string): string => (turn === '' ? '' : opening + turn)
  const asking: string[] = []
  let rest = text
  for (const answer of told) {
    const found = place(rest, answer)
    const before = found === null ? rest : rest.slice(0, found.start).replace(BEFORE, '')
    asking.push(begun(before))
    rest = found === null ? '' : rest.slice(found.end).replace(BEHIND, '')
  }
  const end = rest.lastIndexOf(CLOSE)
  const closing = end < 0 ? rest : rest.slice(end).replace(BEHIND, '')
  const isCut = closing.trim() === '' || asksForCall(closing)
  return { asking, last: begun(rest), ...(end >= 0 && { closing: begun(closing) }), isCut }
}

function place(text: string, answer: string): { start: number; end: number } | null {
  // A model may have written down beforehand what it expects to be told.
  const marked = text.indexOf(`${OPEN}\n${answer}`)
  const start = marked < 0 ? text.indexOf(answer) : marked + OPEN.length + 1
  if (answer !== '' && start >= 0) return { start, end: start + answer.length }
  const open = text.indexOf(OPEN)
  const close = text.indexOf(CLOSE, open)
  return open < 0 || close < 0 ? null : { start: open, end: close + CLOSE.length }
}
