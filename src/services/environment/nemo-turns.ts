import type { OutputItem } from './nemo-requests.js'
import type { WrittenTurns } from './written-turns.js'

/** What a model wrote, as a response of the Responses API tells it. Reasoning that a server keeps apart from the text is what the model wrote between think tags. */
export function responseTurns(output: readonly OutputItem[]): WrittenTurns {
  const asking: string[] = []
  let text = ''
  let isCut = false
  for (const item of output) {
    if (item.type === 'function_call') {
      asking.push(text)
      text = ''
      isCut = true
    } else if (item.type === 'reasoning') {
      const thought = [item.summary, item.content].map(textOf).join('')
      if (thought !== '') text += `<think>${thought}</think>`
    } else if (item.type === 'message' && item.role !== 'user') {
      text += textOf(item.content)
      isCut = false
    }
  }
  return { asking, last: text, isCut }
}

/** A text, or the texts of a list of parts; whatever else there is says nothing. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: unknown) => (hasText(part) ? part.text : '')).join('')
}

function hasText(part: unknown): part is { text: string } {
  return typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string'
}
