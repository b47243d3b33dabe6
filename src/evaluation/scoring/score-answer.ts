import { JudgeError } from '../../core/errors.js'
import type { Judge } from '../../core/judge.js'
import { textOf, type Message } from '../../core/message.js'
import type { Outcome, Score } from '../../core/sample.js'
import { asksJudge, isChoice } from '../../core/scorer.js'
import type { ScoringProfile } from '../../core/scoring-profile.js'
import type { StopReason } from '../../core/trajectory.js'
import { extractAnswer } from '../../reward/answers.js'
import type { Asked } from './asked.js'
import { benchmarkVerdict } from './benchmark-verdict.js'
import { finalAnswer, withoutReasoning, type FinalAnswer } from './final-answer.js'
import { letterAt } from './letters.js'
import { ownVerdict } from './own-verdict.js'
import { expectScorable } from './scorable.js'
import type { Verdict } from './verdict.js'

export interface Scoring {
  profile: ScoringProfile
  /** Null: what the rules do not decide is wrong, and an option that cannot be read `unparsed`. */
  judge: Judge | null
}

type Scored = { outcome: Outcome; score: Score }

/**
 * Score the final answer of a trajectory, and nothing before it.
 * @throws UsageError when the profile does not fit the question (see expectScorable); JudgeError when the judge does not answer, or answers
 *   something that cannot be read.
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
}): Promise<Scored> {
  expectScorable({ profile, asked })
  const unanswered = (outcome: Outcome): Scored => ({
    outcome,
    score: { profile, answer: null, correct: false, rule: outcome, judge: null },
  })
  if (trajectory.stop === 'turn-limit') return unanswered('turn-limit')
  if (trajectory.stop !== 'answer') return unanswered('truncated')

  const last = trajectory.messages.findLast(({ role }) => role === 'assistant')
  const taken = last === undefined ? null : answerOf({ profile, turn: textOf(last) })
  if (taken === null || taken.text === '') return unanswered('unparsed')

  const { scorer = 'none' } = asked
  const common = { profile, answer: taken.text, ...(taken.taken && { taken: taken.taken }) }
  const verdict = verdictOf({ profile, answer: taken.text, asked })
  if (verdict.kind === 'scored') {
    const { value, rule, letter } = verdict
    const correct = value === 1
    const score: Score = {
      ...common,
      correct,
      ...(scorer === 'chartqapro' && taken.taken && { value }),
      rule,
      ...(letter !== undefined && { letter }),
      judge: null,
    }
    return { outcome: correct ? 'correct' : 'wrong', score }
  }
  if (judge === null || !asksJudge({ profile, scorer })) {
    const isUnread = verdict.kind === 'unread'
    const rule = isUnread ? 'unparsed' : 'undecided'
    const score: Score = { ...common, correct: false, rule, judge: null }
    return { outcome: isUnread ? 'unparsed' : 'wrong', score }
  }
  const asking = await judged({ judge, asked, answer: taken.text, signal })
  return {
    outcome: asking.correct ? 'correct' : 'wrong',
    score: { ...common, correct: asking.correct, rule: 'judge', judge: asking.transcript },
  }
}

/** `codevision` reads the answer as the released recipe does, `strict` too, but not from drafts in the reasoning; the others leave that to their own rules. */
function answerOf({
  profile,
  turn,
}: {
  profile: ScoringProfile
  turn: string
}): (Pick<FinalAnswer, 'text'> & Partial<FinalAnswer>) | null {
  if (profile !== 'codevision' && profile !== 'strict') return finalAnswer(turn)
  const text = extractAnswer(profile === 'strict' ? withoutReasoning(turn) : turn)
  return text === null ? null : { text }
}

function verdictOf({
  profile,
  answer,
  asked,
}: {
  profile: ScoringProfile
  answer: string
  asked: Asked
}): Verdict {
  switch (profile) {
    case 'codevision':
    case 'strict':
      return ownVerdict({ profile, answer, asked })
    case 'official':
    case 'vlmevalkit':
    case 'lmms_eval':
      return benchmarkVerdict({ profile, answer, asked })
  }
}

/** Of a choice, letter and text of the right option are accepted. */
async function judged({
  judge,
  asked,
  answer,
  signal,
}: {
  judge: Judge
  asked: Asked
  answer: string
  signal: AbortSignal
}): Promise<{ correct: boolean; transcript: NonNullable<Score['judge']> }> {
  const { question, answers, options = [], scorer = 'none', taskType = null } = asked
  const right = options.find((_, index) => isChoice(scorer) && letterAt(index) === answers[0])
  const accepted = right === undefined ? answers : [...answers, right]
  const { correct, prompt, response } = await judge.judge({
    question,
    answers: accepted,
    answer,
    taskType,
    signal,
  })
  if (correct === null) {
    throw new JudgeError(
      `Expected a 0 or a 1 from the judge ${judge.model}, got ${JSON.stringify(response.slice(0, 200))}. Name another judge, or another reading (judge.reading).`,
    )
  }
  const { model, reading } = judge
  return { correct, transcript: { model, ...(reading !== undefined && { reading }), prompt, response } }
}
