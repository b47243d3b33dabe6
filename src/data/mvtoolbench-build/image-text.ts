import type { Box } from '../../core/transform.js'
import { boxAround } from './boxes.js'
import type { HiertextAnnotation, HiertextLine, HiertextWord } from './hiertext-annotation.js'
import { bareText, cleanText, comparisonKeys } from './normalise.js'
import { shapeOf } from './polygon.js'

/** Why a word can be neither asked for nor asked about. */
export const WORD_PROBLEMS = [
  'illegible',
  'handwritten',
  'vertical',
  'degenerate polygon',
  'not upright',
  'too low to read',
] as const
export type WordProblem = (typeof WORD_PROBLEMS)[number]

export interface TextWord {
  /** NFKC. */
  text: string
  /** Without punctuation around it. */
  bare: string
  keys: readonly string[]
  box: Box
  /** Pixels at full resolution. */
  height: number
}

export interface TextLine {
  words: readonly TextWord[]
  box: Box
  /** Number of the paragraph it belongs to. */
  paragraph: number
}

/** What of an annotated image can be asked about, and what must be known to ask about it without ambiguity. */
export interface ImageText {
  imageId: string
  width: number
  height: number
  /** Lines of which every word can be used, in the order of the annotations. */
  lines: readonly TextLine[]
  /** Boxes of the lines that cannot be used, by paragraph; null where the polygon encloses nothing. */
  unusable: readonly { paragraph: number; box: Box | null }[]
  /** Comparison keys of every line that holds text, usable or not. */
  keys: readonly (readonly string[])[]
  /** A word, line or paragraph of the image was illegible to the annotators: nothing can be said about the whole image's text. */
  hasIllegible: boolean
  problems: ReadonlyMap<WordProblem, number>
}

/** Text that leans more is not taken for upright: the image is turned in itself, or the text is. */
const UPRIGHT_DEGREES = 15

/**
 * Sort the annotations of an image into what can be asked about and what cannot.
 * @param minHeight pixels across the direction of writing below which text cannot be read at full resolution
 * @param handwritten whether handwriting counts as readable
 */
export function imageTextOf({
  annotation,
  minHeight,
  handwritten,
}: {
  annotation: HiertextAnnotation
  minHeight: number
  handwritten: boolean
}): ImageText {
  const { image_id: imageId, image_width: width, image_height: height, paragraphs } = annotation
  const problems = new Map<WordProblem, number>()
  const lines: TextLine[] = []
  const unusable: { paragraph: number; box: Box | null }[] = []
  const all = paragraphs.flatMap((paragraph, index) =>
    paragraph.lines.map((line) => ({ line, paragraph: index })),
  )
  for (const { line, paragraph } of all) {
    const words: TextWord[] = []
    for (const word of line.words) {
      const read = readWord({ word, width, height, minHeight, handwritten })
      if (typeof read === 'string') problems.set(read, (problems.get(read) ?? 0) + 1)
      else words.push(read)
    }
    if (words.length > 0 && words.length === line.words.length && isInOrder({ line, words })) {
      lines.push({ words, box: boxAround(words.map(({ box }) => box)), paragraph })
    } else {
      unusable.push({ paragraph, box: shapeOf({ vertices: line.vertices, width, height })?.box ?? null })
    }
  }
  return {
    imageId,
    width,
    height,
    lines,
    unusable,
    keys: all.map(({ line }) => line.words.flatMap(({ text }) => comparisonKeys(cleanText(text)))),
    hasIllegible:
      paragraphs.some(({ legible }) => !legible) ||
      all.some(({ line }) => !line.legible || line.words.some(({ legible }) => !legible)),
    problems,
  }
}

function readWord({
  word,
  width,
  height: imageHeight,
  minHeight,
  handwritten,
}: {
  word: HiertextWord
  width: number
  height: number
  minHeight: number
  handwritten: boolean
}): TextWord | WordProblem {
  const text = cleanText(word.text)
  if (!word.legible || text === '' || text.includes('\u{fffd}')) return 'illegible'
  if (word.handwritten && !handwritten) return 'handwritten'
  if (word.vertical) return 'vertical'
  const shape = shapeOf({ vertices: word.vertices, width, height: imageHeight })
  if (shape === null) return 'degenerate polygon'
  if (Math.abs(shape.angle) > UPRIGHT_DEGREES) return 'not upright'
  if (shape.height < minHeight) return 'too low to read'
  return { text, bare: bareText(text), keys: comparisonKeys(text), box: shape.box, height: shape.height }
}

/** Whether the words follow each other from left to right, and make up the text of the line. */
function isInOrder({ line, words }: { line: HiertextLine; words: readonly TextWord[] }): boolean {
  const isRightward = words.every(({ box }, index) => index === 0 || box[0] > (words[index - 1]?.box[0] ?? 0))
  const own = comparisonKeys(cleanText(line.text)).join('')
  return isRightward && own === words.flatMap(({ keys }) => keys).join('')
}
