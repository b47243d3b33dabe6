import { describe, expect, test } from '@jest/globals'
import { JudgeError, UsageError } from '../../core/errors.js'
import type { ScoringProfile } from '../../core/scoring-profile.js'
import type { Judge, JudgeRequest } from '../../core/judge.js'
import type { StopReason, Trajectory } from '../../core/trajectory.js'
import type { Asked } from './asked.js'
import { scoreAnswer } from './score-answer.js'

function trajectoryOf({ texts, stop = 'answer' }: { texts: string[]; stop?: StopReason }): Trajectory {
  return {
    messages: texts.map((text) => ({ role: 'assistant', content: [{ type: 'text', text }] })),
    images: [],
    calls: [],
    turns: texts.length,
    malformedCalls: 0,
    stop,
    usage: { promptTokens: 0, completionTokens: 0 },
  }
}

function fakeJudge(correct: boolean | null): Judge & { requests: JudgeRequest[] } {
  const requests: JudgeRequest[] = []
  return {
    model: 'wise',
    requests,
    judge: (request) => {
      requests.push(request)
      return Promise.resolve({ correct, prompt: 'P', response: 'R' })
    },
    check: () => Promise.resolve(),
  }
}

async function score({
  texts,
  stop,
  profile = 'strict',
  answers = ['Gen. 4:21', 'Genesis 4:21'],
  judge = null,
}: {
  texts: string[]
  stop?: StopReason
  profile?: ScoringProfile
  answers?: string[]
  judge?: Judge | null
}) {
  return scoreAnswer({
    trajectory: trajectoryOf({ texts, ...(stop && { stop }) }),
    asked: { question: 'Which passage?', answers, taskType: 'ocr' },
    scoring: { profile, judge },
    signal: new AbortController().signal,
  })
}

describe('scoreAnswer', () => {
  test('a draft in the reasoning is no final answer for strict, but one for codevision, as in the released recipe', async () => {
    const texts = ['<think>Perhaps <answer>Gen. 4:21</answer>.</think>Genesis 5']
    expect((await score({ texts })).score.answer).toBe('Genesis 5')
    expect((await score({ texts, profile: 'codevision' })).score.answer).toBe('Gen. 4:21')
  })

  test('profile strict accepts any accepted answer, apart from case and final punctuation', async () => {
    expect(await score({ texts: ['<answer>GENESIS 4:21.</answer>'] })).toEqual({
      outcome: 'correct',
      score: { profile: 'strict', answer: 'GENESIS 4:21.', correct: true, rule: 'equal', judge: null },
    })
  })

  test('profile codevision reads numbers, strict does not', async () => {
    const parameters = { texts: ['<answer>it is 42</answer>'], answers: ['42'] }
    expect(await score({ ...parameters, profile: 'codevision' })).toMatchObject({
      outcome: 'correct',
      score: { rule: 'equivalent' },
    })
    expect(await score(parameters)).toMatchObject({ outcome: 'wrong', score: { rule: 'undecided' } })
  })

  test('only the last message of the model counts', async () => {
    const texts = ['<answer>Gen. 4:21</answer>', '<answer>no idea</answer>']
    expect(await score({ texts })).toMatchObject({ outcome: 'wrong', score: { answer: 'no idea' } })
  })

  test('the judge is asked only where the rules do not accept, and its words are kept', async () => {
    const judge = fakeJudge(true)
    expect(await score({ texts: ['<answer>gen. 4:21</answer>'], judge })).toMatchObject({
      outcome: 'correct',
    })
    expect(judge.requests).toHaveLength(0)
    expect(await score({ texts: ['<answer>chapter four</answer>'], judge })).toMatchObject({
      outcome: 'correct',
      score: { rule: 'judge', judge: { model: 'wise', prompt: 'P', response: 'R' } },
    })
    expect(judge.requests).toMatchObject([
      { answer: 'chapter four', taskType: 'ocr', question: 'Which passage?' },
    ])
  })

  test('a judge whose reply cannot be read is a failure, not a wrong answer', async () => {
    await expect(score({ texts: ['<answer>x</answer>'], judge: fakeJudge(null) })).rejects.toThrow(JudgeError)
  })

  test.each([
    ['turn-limit', 'turn-limit'],
    ['truncated', 'truncated'],
    ['token-limit', 'truncated'],
  ] as const)('a rollout that stopped by %s is %s, whatever stands in its text', async (stop, outcome) => {
    expect(await score({ texts: ['<answer>Gen. 4:21</answer>'], stop })).toMatchObject({ outcome })
  })

  test('no answer, or an empty one, is unparsed and not put before the judge', async () => {
    const judge = fakeJudge(true)
    for (const texts of [[], [''], ['<answer> </answer>']]) {
      expect(await score({ texts, judge })).toMatchObject({ outcome: 'unparsed', score: { answer: null } })
    }
    expect(judge.requests).toHaveLength(0)
  })
})

describe('scoreAnswer of a choice', () => {
  const choice: Asked = {
    question: 'Which colour? A. red B. blue',
    answers: ['B'],
    scorer: 'hrbench',
    options: ['red', 'blue'],
  }

  async function scored({
    text,
    profile,
    judge = null,
    asked = choice,
  }: {
    text: string
    profile: ScoringProfile
    judge?: Judge | null
    asked?: Asked
  }) {
    return scoreAnswer({
      trajectory: trajectoryOf({ texts: [text] }),
      asked,
      scoring: { profile, judge },
      signal: new AbortController().signal,
    })
  }

  test.each([
    ['strict', '<answer>Blue.</answer>', 'option-text'],
    ['codevision', '<answer>I choose B</answer>', 'last-letter'],
    ['vlmevalkit', 'The answer is **B** since A is the sea', 'phrase'],
    ['lmms_eval', '<think>A?</think>blue, I think', 'option-text'],
  ] as const)('profile %s reads %j', async (profile, text, rule) => {
    expect(await scored({ text, profile })).toMatchObject({
      outcome: 'correct',
      score: { letter: 'B', rule, correct: true },
    })
  })

  test('another option is wrong, and the judge is not asked about it', async () => {
    const judge = fakeJudge(true)
    for (const profile of ['strict', 'codevision', 'vlmevalkit', 'lmms_eval'] as const) {
      expect(await scored({ text: '<answer>A</answer>', profile, judge })).toMatchObject({
        outcome: 'wrong',
        score: { letter: 'A' },
      })
    }
    expect(judge.requests).toHaveLength(0)
  })

  test('what cannot be read is unparsed and never drawn by chance', async () => {
    for (const profile of ['strict', 'codevision', 'vlmevalkit', 'lmms_eval'] as const) {
      expect(await scored({ text: '<answer>the sea</answer>', profile })).toMatchObject({
        outcome: 'unparsed',
        score: { answer: 'the sea', rule: 'unparsed', correct: false },
      })
    }
  })

  test('what cannot be read goes to the judge, with letter and text of the right option', async () => {
    const judge = fakeJudge(true)
    expect(await scored({ text: 'the sea', profile: 'lmms_eval', judge })).toMatchObject({
      outcome: 'correct',
      score: { rule: 'judge', taken: 'turn' },
    })
    expect(judge.requests).toMatchObject([{ answers: ['B', 'blue'], answer: 'the sea' }])
  })

  test('lmms-eval reads a letter of V* by patterns, and asks no judge', async () => {
    const judge = fakeJudge(true)
    const asked = { ...choice, scorer: 'vstar' } as const
    expect(await scored({ text: 'none', profile: 'lmms_eval', asked, judge })).toMatchObject({
      outcome: 'unparsed',
    })
    expect(await scored({ text: '(b)', profile: 'lmms_eval', asked })).toMatchObject({
      outcome: 'correct',
      score: { rule: 'pattern' },
    })
    expect(judge.requests).toHaveLength(0)
  })

  test('what the reference raises on is wrong, and the run goes on', async () => {
    const metadata = { answer: ['5'], question_type: 'Factoid', year: [] }
    const asked = { question: 'How many?', answers: ['5'], scorer: 'chartqapro', metadata } as const
    expect(await scored({ text: '5', profile: 'official', asked })).toMatchObject({
      outcome: 'wrong',
      score: { rule: 'reference-error', value: 0 },
    })
  })

  test('a profile that does not fit the question is refused', async () => {
    await expect(scored({ text: 'B', profile: 'official' })).rejects.toThrow(UsageError)
  })
})
