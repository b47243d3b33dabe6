import type { Box } from '../../core/transform.js'
import { heightOf, unionOf } from './boxes.js'

/** One word as OCR read it; the box is in pixels of the view it was read from. */
export interface PageWord {
  text: string
  /** 0 to 100. */
  confidence: number
  box: Box
}

/** Words that stand side by side, from left to right. */
export interface PageLine {
  words: readonly PageWord[]
  box: Box
}

/** What OCR read in one view. */
export interface Page {
  width: number
  height: number
  words: readonly PageWord[]
  /** From top to bottom. */
  lines: readonly PageLine[]
}

/** Smallest confidence at which a word counts as text at all; below it photographs are full of words. */
const MIN_CONFIDENCE = 15

/**
 * Put words into lines by their places alone: words far apart but at one height belong together, as the name and the amount of
 * a receipt do, which is what OCR's own layout analysis tears apart.
 */
export function arrangePage({
  width,
  height,
  words,
}: {
  width: number
  height: number
  words: readonly PageWord[]
}): Page {
  const legible = words.filter((word) => word.confidence >= MIN_CONFIDENCE && /[\p{L}\p{N}]/u.test(word.text))
  const groups: PageWord[][] = []
  for (const word of [...legible].sort((a, b) => centreY(a.box) - centreY(b.box))) {
    const line = groups.at(-1)
    const last = line?.at(-1)
    if (line && last && areLevel(last.box, word.box)) line.push(word)
    else groups.push([word])
  }
  return {
    width,
    height,
    words: legible,
    lines: groups.map((group) => {
      const sorted = group.sort((a, b) => a.box[0] - b.box[0])
      return { words: sorted, box: unionOf(sorted.map((word) => word.box)) }
    }),
  }
}

/** The parts of a line between gaps wider than 1.2 of its height: columns of a table, name and amount. */
export function runsOf(line: PageLine): PageLine[] {
  const runs: PageWord[][] = []
  for (const word of line.words) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (run && last && word.box[0] - last.box[2] <= 1.2 * Math.max(heightOf(last.box), heightOf(word.box)))
      run.push(word)
    else runs.push([word])
  }
  return runs.map((words) => ({ words, box: unionOf(words.map((word) => word.box)) }))
}

/** The words of a line or run, as one text. */
export function textOfLine({ words }: PageLine): string {
  return words.map((word) => word.text).join(' ')
}

function areLevel(a: Box, b: Box): boolean {
  const shared = Math.min(a[3], b[3]) - Math.max(a[1], b[1])
  return shared >= 0.5 * Math.min(heightOf(a), heightOf(b))
}

function centreY([, top, , bottom]: Box): number {
  return (top + bottom) / 2
}
