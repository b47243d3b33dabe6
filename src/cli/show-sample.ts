import { textOf } from '../core/message.js'
import type { Sample } from '../core/sample.js'
import { TRANSFORM_WORDS } from './transform-words.js'
import { showCall, showEvent } from './show-event.js'

/** A finished sample as lines for the terminal: the question, what was done to the picture, every turn, and how it ended. */
export function showSample({ question, answers, transform, trajectory, scores, outcome }: Sample): string {
  if (trajectory === null) return ''
  const written = trajectory.messages.filter(({ role }) => role === 'assistant').map(textOf)
  const turns = written.flatMap((text, turn) => [
    showEvent({ type: 'turn-started', turn }),
    showEvent({ type: 'text', turn, text, calls: 0 }),
    ...trajectory.calls.filter((call) => call.turn === turn).flatMap(showCall),
  ])
  const answer = Object.values(scores)[0]?.answer ?? '(none)'
  return [
    `${question} The picture was ${TRANSFORM_WORDS[transform]}.`,
    ...turns,
    `\nAnswer: ${answer} (${outcome}; expected ${answers.join(' or ')})`,
  ]
    .filter((line) => line !== '')
    .join('\n')
}
