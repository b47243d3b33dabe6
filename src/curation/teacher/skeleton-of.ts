import { taggedBlocks } from '../../core/tagged-blocks.js'
import { textOf, type Message } from '../../core/message.js'

/** So many words in a row that stand in the question too are taken for its words. */
const COPIED = 3

/**
 * The reasoning of a whole trajectory with everything masked that belongs to its one task: quoted strings, numbers, codes, names, and words copied from the question. Two
 * trajectories of one skeleton say the same about different things.
 */
export function skeletonOf(messages: readonly Message<unknown>[]): string {
  const question = messages
    .filter(({ role }) => role === 'user')
    .map(textOf)
    .join('\n')
  return messages
    .filter(({ role }) => role === 'assistant')
    .map((message) =>
      taggedBlocks({ text: textOf(message), open: '<think>', close: '</think>' }).blocks.join('\n'),
    )
    .map((thought) =>
      withoutNames(withoutQuestion({ thought: withoutQuotes(thought), question: withoutQuotes(question) })),
    )
    .join('\n')
}

function withoutQuotes(text: string): string {
  return text.replace(/["“][^"“”]*["”]|(?<![\p{L}\p{N}])['‘][^'’]*['’](?![\p{L}\p{N}])/gu, '«»')
}

function withoutQuestion({ thought, question }: { thought: string; question: string }): string {
  const asked = wordsOf(question)
  const copied = new Set(asked.slice(COPIED - 1).map((_, at) => asked.slice(at, at + COPIED).join(' ')))
  const parts = thought.split(/(\s+)/)
  const words = parts.filter((_, at) => at % 2 === 0)
  const bare = words.map((word) => wordsOf(word).join(' '))
  const isCopied = words.map(() => false)
  for (let at = 0; at + COPIED <= words.length; at++) {
    if (copied.has(bare.slice(at, at + COPIED).join(' '))) isCopied.fill(true, at, at + COPIED)
  }
  return words
    .map((word, at) => {
      if (!isCopied[at]) return word
      // A run is masked by one sign, with the punctuation that follows it.
      const sign = isCopied[at - 1] ? '' : '§'
      return `${sign}${isCopied[at + 1] ? '' : (/[.,;:?!]*$/.exec(word)?.[0] ?? '')}`
    })
    .filter((word) => word !== '')
    .join(' ')
    .replace(/ ([.,;:?!])/g, '$1')
}

/** Codes and numbers first, then capitalised words that do not begin a sentence. */
function withoutNames(text: string): string {
  return text
    .replace(/[\p{L}-]*\p{N}[\p{L}\p{N}.,:-]*\p{N}|[\p{L}-]*\p{N}[\p{L}]*/gu, '#')
    .replace(/(?<=[\p{L}\p{N},;§#»] )(?!I\b)\p{Lu}[\p{L}'’-]*/gu, '#')
    .replace(/#(?:[\s,×]+#)+/g, '#')
    .toLowerCase()
    .trim()
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}«»]+/gu) ?? []
}
