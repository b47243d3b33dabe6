import { JudgeError } from '../../core/errors.js'
import type { Judge } from '../../core/judge.js'
import { textOf, type Message } from '../../core/message.js'
import type { Outcome, Score } from '../../core/sample.js'
import type { ScoringProfile } from '../../core/scoring-profile.js'
import type { StopReason } from '../../core/trajectory.js'
import { areAnswersEquivalent, extractAnswer } from '../../reward/answers.js'
import { isStrictMatch } from '../../reward/strict.js'

export interface Scoring {
  profile: ScoringProfile
  /** Null: what the rules do not decide is wrong. */
  judge: Judge | null
}

/** The question that a trajectory answers. */
export interface Asked {
  question: string
  answers: readonly string[]
  taskType?: string | undefined
}

/**
 * Score the final answer of a trajectory, and nothing before it.
 * @throws JudgeError when the judge does not answer, or answers something that cannot be read.
 */
export async function scoreAnswer({
  trajectory,
  asked,
  scoring: { profile, judge },
  signal,
}: {
  trajectory: { readonly messages: readonly Message<unknown>[]; readonly stop: StopReason }
  asked: Asked
  scoring: Scoring
  signal: AbortSignal
}): Promise<{ outcome: Outcome; score: Score }> {
  const unanswered = (outcome: Outcome): { outcome: Outcome; score: Score } => ({
    outcome,
    score: { profile, answer: null, correct: false, rule: outcome, judge: null },
  })
  if (trajectory.stop === 'turn-limit') return unanswered('turn-limit')
  if (trajectory.stop !== 'answer') return unanswered('truncated')

  const last = trajectory.messages.findLast(({ role }) => role === 'assistant')
  const answer = last === undefined ? null : extractAnswer(textOf(last))
  if (answer === null || answer === '') return unanswered('unparsed')

  const scored = (
    correct: boolean,
    rule: string,
    judged: Score['judge'],
  ): { outcome: Outcome; score: Score } => ({
    outcome: correct ? 'correct' : 'wrong',
    score: { profile, answer, correct, rule, judge: judged },
  })
  const rule = ruleThatAccepts({ profile, answer, answers: asked.answers })
  if (rule !== null) return scored(true, rule, null)
  if (judge === null) return scored(false, 'undecided', null)

  const { question, answers, taskType = null } = asked
  const { correct, prompt, response } = await judge.judge({ question, answers, answer, taskType, signal })
  if (correct === null) {
    throw new JudgeError(
      `Expected a 0 or a 1 from the judge ${judge.model}, got ${JSON.stringify(response.slice(0, 200))}. Name another judge, or another reading (judge.reading).`,
    )
  }
  const { model, reading } = judge
  return scored(correct, 'judge', { model, ...(reading !== undefined && { reading }), prompt, response })
}

function ruleThatAccepts({
  profile,
  answer,
  answers,
}: {
  profile: ScoringProfile
  answer: string
  answers: readonly string[]
}): string | null {
  switch (profile) {
    case 'codevision':
      return answers.some((reference) => areAnswersEquivalent({ prediction: answer, reference }))
        ? 'equivalent'
        : null
    case 'strict':
      return isStrictMatch({ answer, answers }) ? 'equal' : null
    default:
      return null
  }
}
