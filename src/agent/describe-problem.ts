import type { CallProblem } from './call-problem.js'
import { CALL_CLOSE, CALL_OPEN } from './hermes.js'
import { RELEASE_PROBLEMS } from './release-messages.js'

/** Characters that are shown on each side of the place where JSON breaks. */
const EXCERPT = 30

/** What the model is told about a call that could not be run: what is wrong, where, and how it is written right. */
export function describeProblem(problem: CallProblem): string {
  const known = problem.type === 'unknown-tool' ? problem.known : []
  return `The tool call was not run: ${explain(problem)} Write one call a turn, like this: ${CALL_OPEN}{"name": "${
    known[0] ?? 'code_image_tool'
  }", "arguments": {"code": "result = image.rotate(90, expand=True)", "description": "turn upright", "image_index": 0}}${CALL_CLOSE}`
}

/** The same in one line, as the released environment tells it; its reader drops every other problem before anyone could tell of it. */
export function describeProblemAsRelease(problem: CallProblem): string {
  switch (problem.type) {
    case 'unknown-tool':
      return `${RELEASE_PROBLEMS.toolFailed}'${problem.name}'`
    case 'bad-code':
      return RELEASE_PROBLEMS.badCode
    case 'bad-image-index':
      return RELEASE_PROBLEMS.badImageIndex
    default:
      return `${RELEASE_PROBLEMS.toolFailed}${explain(problem)}`
  }
}

function explain(problem: CallProblem): string {
  switch (problem.type) {
    case 'not-closed':
      return `it begins with ${CALL_OPEN} but is not closed by ${CALL_CLOSE}.`
    case 'not-opened':
      return `${CALL_CLOSE} stands there without ${CALL_OPEN} before it.`
    case 'broken-json':
      return explainJson(problem)
    case 'not-a-call':
      return problem.missing === 'object'
        ? 'expected a JSON object with "name" and "arguments".'
        : `the JSON object has no "${problem.missing}"${problem.missing === 'name' ? ' that is text' : ''}.`
    case 'unknown-tool':
      return `there is no tool "${problem.name}"; there is ${problem.known.map((name) => `"${name}"`).join(', ')}.`
    case 'arguments-not-object':
      return `"arguments" must be a JSON object, got ${problem.got}.`
    case 'bad-code':
      return `"code" must be text that holds Python code, got ${problem.got}.`
    case 'bad-image-index':
      return `"image_index" must be a whole number such as 0 or 1, got ${problem.got}.`
  }
}

function explainJson({ source, reason, offset }: Extract<CallProblem, { type: 'broken-json' }>): string {
  const before = source.slice(0, offset)
  const line = before.split('\n').length
  const column = offset - before.lastIndexOf('\n')
  const near = JSON.stringify(source.slice(Math.max(0, offset - EXCERPT), offset + EXCERPT))
  return (
    `its JSON cannot be read at line ${line}, column ${column}: ${reason}, near ${near}. ` +
    'Inside JSON strings write a line break as \\n and a double quote as \\".'
  )
}
