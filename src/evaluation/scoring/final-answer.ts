import { taggedBlocks } from '../../core/tagged-blocks.js'
import { pythonStrip } from '../../core/python/text.js'

/** What the benchmarks' own rules are given of a model's last turn. */
export interface FinalAnswer {
  text: string
  /** `answer`: what stands in the last `<answer>`; `turn`: the whole turn, since there is none. */
  taken: 'answer' | 'turn'
}

/**
 * The final answer of a turn, its reasoning removed: `<think>…</think>`, what stands before a lone `</think>` (the prompt opened it), and all
 * that follows a `<think>` that is never closed. Unlike the released recipe's reading, a turn without tags counts whole, not with its last line
 * alone: that is what the benchmarks' code is given elsewhere.
 */
export function finalAnswer(turn: string): FinalAnswer {
  const said = withoutReasoning(turn)
  const closed = taggedBlocks({ text: said, open: '<answer>', close: '</answer>' }).blocks.at(-1)
  if (closed !== undefined) return { text: pythonStrip(closed), taken: 'answer' }
  const open = said.lastIndexOf('<answer>')
  if (open !== -1) return { text: pythonStrip(said.slice(open + '<answer>'.length)), taken: 'answer' }
  return { text: pythonStrip(said), taken: 'turn' }
}

/** A turn without its reasoning. */
export function withoutReasoning(turn: string): string {
  const { rest } = taggedBlocks({ text: turn, open: '<think>', close: '</think>' })
  const close = rest.lastIndexOf('</think>')
  const said = close === -1 ? rest : rest.slice(close + '</think>'.length)
  const open = said.indexOf('<think>')
  return open === -1 ? said : said.slice(0, open)
}
