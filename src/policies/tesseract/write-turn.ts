import type { CodeStep } from './code-steps.js'

/** The last turn: an answer, and how it was found. */
export interface Conclusion {
  thought: string
  answer: string
}

/** A call in Hermes text, the thought before it (paper, section 2). */
export function writeCall({ thought, description, code, imageIndex }: CodeStep): string {
  const call = { name: 'code_image_tool', arguments: { code, description, image_index: imageIndex } }
  return `<think>${thought}</think>\n<tool_call>\n${JSON.stringify(call)}\n</tool_call>`
}

/** The answer; what OCR read must not close the tag early. */
export function writeAnswer({ thought, answer }: Conclusion): string {
  return `<think>${withoutTags(thought)}</think>\n<answer>${withoutTags(answer)}</answer>`
}

function withoutTags(text: string): string {
  return text.replace(/<\/?[a-z_]+>/gi, ' ').trim()
}
