import type { Check } from './check.js'
import { goldOption } from './gold-option.js'

/** There is an answer, none is empty, and of a question with options it is one of them. */
export function answerCheck(): Check {
  return {
    row({ place, task }) {
      const wrong = { check: 'answer' as const, ...place, what: 'answer' }
      const got = JSON.stringify(task.answers)
      if (task.answers.length === 0 || task.answers.some((answer) => answer.trim() === ''))
        return [{ ...wrong, expected: 'accepted answers, none of them empty', got }]
      const { options = [] } = task
      if (options.length === 0 || goldOption(task) !== null) return []
      return [{ ...wrong, expected: `the letter or the text of one of ${options.length} options`, got }]
    },
  }
}
