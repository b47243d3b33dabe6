import { describe, expect, test } from '@jest/globals'
import { describeBasis, describeFinding, describeVerdict } from './describe-finding.js'
import { findingsOf, type Finding } from './findings.js'
import type { MeasuredSeed } from './measured-arm.js'
import { MEASURES } from './measures.js'
import { openStudy } from './open-study.js'
import type { Comparison, Study, StudyName } from './study.js'
import type { TaskRecord } from './task-record.js'
import { inventedSeed, type Invented } from './testing/records.js'
import { transformFigures } from './transform-figures.js'

const choices = {
  heldOut: ['rotate_90', 'flip_vertical'],
  beta1: [0, 1],
  beta2: [0, 0.5],
  rowCounts: [32],
} as const

function study(name: StudyName, hasTrained = true): Study {
  return openStudy({ name, choices, hasTrained })
}

/** Arms in the order of the study. */
function found(name: StudyName, ...arms: (Invented | null)[]) {
  const opened = study(name)
  const measured = new Map<string, MeasuredSeed[]>()
  opened.arms.forEach((arm, at) => {
    const invented = arms[at]
    if (invented != null) measured.set(arm.name, [inventedSeed(invented)])
  })
  return findingsOf({ study: opened, measured })
}

describe('reward-ablation', () => {
  // Before, full, without strategy, without penalty.
  test('agrees where both ablations lose and calls grow without the penalty', () => {
    const findings = found(
      'reward-ablation',
      { accuracy: 0.2 },
      { accuracy: 0.7, toolTurns: 1.2 },
      { accuracy: 0.4 },
      { accuracy: 0.5, toolTurns: 3.6 },
    )
    expect(findings.list.map(({ verdict }) => verdict)).toEqual(Array(5).fill('agrees'))
    expect(describeVerdict(findings)).toBe(
      "The direction agrees with the paper's (5 of 5 comparisons agree).",
    )
  })

  /** Without strategy, what needs a tool too few is answered as before and what needs two is lost. */
  const multiTool = (count: number, lost: (record: TaskRecord) => boolean) => {
    const opened = study('reward-ablation')
    const arms = opened.arms.map(({ name }, at): [string, MeasuredSeed[]] => {
      const seed = inventedSeed({ accuracy: 1, count })
      const records = seed.records.map((record) => ({ ...record, isCorrect: at !== 2 || !lost(record) }))
      return [name, [{ ...seed, records }]]
    })
    const finding = findingsOf({ study: opened, measured: new Map(arms) }).list[1] as Finding
    return { finding, told: describeFinding(finding) }
  }
  const needsTwo = ({ requiredTools }: TaskRecord): boolean => requiredTools >= 2

  test('compares tasks that need two or more tools by themselves', () => {
    const { finding, told } = multiTool(240, needsTwo)
    expect(finding).toMatchObject({ verdict: 'agrees', contrast: { tasks: 100, of: 1, against: 0 } })
    expect(told).toMatch(
      /^Accuracy where two or more tools are needed, .*: 100\.0 % against 0\.0 %, difference \+100\.0 \(95 % \+\d\d\.\d to \+100\.0; 100 tasks\)\. Expected: the first higher; agrees\.$/,
    )
    const elsewhere = multiTool(240, (record) => !needsTwo(record))
    expect(elsewhere.finding).toMatchObject({ verdict: 'cannot tell', contrast: { of: 1, against: 1 } })
  })

  test('says so where few tasks need two tools, or none, and decides nothing by them', () => {
    const few = multiTool(60, needsTwo)
    expect(few.finding).toMatchObject({ verdict: 'cannot tell', contrast: { tasks: 25, difference: 1 } })
    expect(few.told).toMatch(
      / 25 tasks\)\. Expected: the first higher; too few tasks to tell, where it takes 30\.$/,
    )
    const none = multiTool(6, needsTwo)
    expect(none.finding).toMatchObject({ verdict: 'cannot tell', contrast: null })
    expect(none.told).toMatch(/: too few tasks, none where it takes 30\.$/)
    const [, missing] = found('reward-ablation', { accuracy: 0.1 }, { accuracy: 0.7 }).list.map(
      describeFinding,
    )
    expect(missing).toMatch(/cannot be told, since an arm is missing/)
  })

  test('disagrees where the strategy does harm', () => {
    const findings = found(
      'reward-ablation',
      { accuracy: 0.2 },
      { accuracy: 0.5 },
      { accuracy: 0.8 },
      { accuracy: 0.3, toolTurns: 3 },
    )
    expect(findings.verdict).toBe('disagrees')
    expect(findings.list[0]?.contrast?.difference).toBeCloseTo(-0.3, 10)
  })

  test('cannot tell where arms are alike, or one is missing', () => {
    const alike = { accuracy: 0.5 }
    expect(found('reward-ablation', alike, alike, alike, alike).verdict).toBe('cannot tell')
    const missing = found('reward-ablation', { accuracy: 0.1 }, { accuracy: 0.7 }, { accuracy: 0.4 })
    expect(missing.verdict).toBe('cannot tell')
    expect(missing.list.map(({ contrast }) => contrast === null)).toEqual([false, false, true, true, false])
  })
})

describe('cold-start', () => {
  // Of the beginning, SFT, RL from the beginning, full.
  const [sft, full] = [{ accuracy: 0.2 }, { accuracy: 0.7 }]
  const fallen = { accuracy: 0.1, toolTurns: 0 }

  test('agrees where a model that calls sometimes loses its calls in RL and stays low', () => {
    const findings = found('cold-start', { accuracy: 0.1, toolTurns: 0.5 }, sft, fallen, full)
    expect(findings.list.map(({ verdict }) => verdict)).toEqual(['agrees', 'agrees', 'agrees'])
    expect(describeVerdict(findings)).toBe(
      "The direction agrees with the paper's (3 of 3 comparisons agree).",
    )
  })

  test('is not tested where the model never calls before RL, which could not end otherwise', () => {
    const findings = found('cold-start', { accuracy: 0, toolTurns: 0 }, sft, fallen, full)
    expect(findings.list.map(({ verdict }) => verdict)).toEqual(['not tested', 'not tested', 'not tested'])
    expect(describeVerdict(findings)).toMatch(
      /^What the paper says is not tested by these figures \(0 of 3 comparisons agree\)\. Before RL the model makes 0\.00 tool turns a question: /,
    )
    expect(describeVerdict(findings).match(/Before RL/g)).toHaveLength(1)
    expect(describeFinding(findings.list[0] as Finding)).toMatch(
      /Expected: the first lower; it is, but that tests nothing here\.$/,
    )
  })

  test('disagrees where RL brings calls and answers all the same, whatever the model did before', () => {
    const risen = { accuracy: 0.9, toolTurns: 2 }
    const findings = found('cold-start', { accuracy: 0, toolTurns: 0 }, sft, risen, full)
    expect(findings.list.map(({ verdict }) => verdict)).toEqual(['disagrees', 'disagrees', 'disagrees'])
    expect(findings.verdict).toBe('disagrees')
    expect(
      found('cold-start', { accuracy: 0, toolTurns: 0.3 }, sft, { ...fallen, toolTurns: 1 }, full).verdict,
    ).toBe('disagrees')
  })

  test('begins with the checkpoint after a few steps of SFT where that is asked for, and with the base else', () => {
    const starts = (isEarly: boolean): string[] =>
      openStudy({ name: 'cold-start', choices: { ...choices, isEarly }, hasTrained: false }).arms.map(
        ({ arm }) => arm.start,
      )
    expect(starts(false)).toEqual(['base', 'sft', 'base', 'sft'])
    expect(starts(true)).toEqual(['early', 'sft', 'early', 'sft'])
  })
})

describe('emergent-tools', () => {
  test('looks at pictures of the held-out transformations alone', () => {
    const findings = found('emergent-tools', { accuracy: 0 }, { accuracy: 0.6 })
    expect(findings.verdict).toBe('agrees')
    expect(findings.list[0]?.contrast?.tasks).toBe(80)
    expect(findings.list[1]?.contrast?.tasks).toBe(120)
    expect(found('emergent-tools', { accuracy: 0.6 }, { accuracy: 0.1 }).verdict).toBe('disagrees')
  })

  test('tools that succeed before RL already are not tested: their rise is no emergence', () => {
    const findings = found('emergent-tools', { accuracy: 0.5 }, { accuracy: 0.9 })
    expect(findings.list[0]).toMatchObject({ direction: 'agrees', verdict: 'not tested' })
    expect(describeVerdict(findings)).toMatch(
      /not tested .*Before RL these tools succeed in \d\d\.\d % .*no sign/,
    )
    expect(found('emergent-tools', { accuracy: 0.5 }, { accuracy: 0.5 }).verdict).toBe('not tested')
  })
})

test('beta-sweep compares the ends that the paper shows, and tells the rest without a verdict', () => {
  // β1, β2: 0 and 0, 0 and 0.5, 1 and 0, 1 and 0.5.
  const arms = [{ accuracy: 0.3 }, { accuracy: 0.3 }, { accuracy: 0.6, toolTurns: 4 }, { accuracy: 0.7 }]
  const findings = found('beta-sweep', ...arms)
  expect(findings.verdict).toBe('agrees')
  expect(findings.list.filter(({ verdict }) => verdict === null)).toHaveLength(2)
  const elsewhere = openStudy({
    name: 'beta-sweep',
    choices: { ...choices, beta1: [2, 3], beta2: [1] },
    hasTrained: false,
  })
  const without = findingsOf({ study: elsewhere, measured: new Map() })
  expect(describeVerdict(without)).toBe('The paper says nothing of this; the figures stand for themselves.')
})

test('scaling expects of the steps, and nothing of the number of questions', () => {
  // Before, 32 questions, full.
  const findings = found('scaling', { accuracy: 0.2 }, { accuracy: 0.9 }, { accuracy: 0.7 })
  expect(findings.list.map(({ verdict }) => verdict)).toEqual(['agrees', null])
  expect(found('scaling', { accuracy: 0.7 }, { accuracy: 0.2 }, { accuracy: 0.2 }).verdict).toBe('disagrees')
})

test('beyond-transforms takes a small fall as none, and a crop that helps as agreement', () => {
  // Base, SFT, RL: tasks that need a crop and others fall and rise alike in these figures.
  const fallen = found('beyond-transforms', { accuracy: 0.9 }, { accuracy: 0.8 }, { accuracy: 0.4 })
  expect(fallen.verdict).toBe('disagrees')
  const risen = found('beyond-transforms', { accuracy: 0.4 }, { accuracy: 0.8 }, { accuracy: 0.9 })
  expect(risen.verdict).toBe('agrees')
  // No more than what was asked, though it is a rise here.
  expect(describeVerdict(risen)).toBe(
    "The direction agrees with the paper's (2 of 2 comparisons agree; of these, some only say that there is no fall beyond 5 points).",
  )
  expect(risen.list.map(describeFinding)[0]).toMatch(/Expected: no fall beyond 5 points; agrees\.$/)
})

test('beyond-transforms trains nothing where there is a trained checkpoint', () => {
  const kinds = (hasTrained: boolean): string[] =>
    study('beyond-transforms', hasTrained).arms.map(({ arm }) => arm.kind)
  expect(kinds(true)).toEqual(['checkpoint', 'checkpoint', 'checkpoint'])
  expect(kinds(false)).toEqual(['checkpoint', 'checkpoint', 'trained'])
})

test('a comparison is told with both figures, the difference, its interval and what was expected', () => {
  const findings = found('scaling', { accuracy: 0.25 }, { accuracy: 0.5 }, { accuracy: 0.75 })
  const [first, second] = findings.list.map(describeFinding)
  expect(first).toMatch(
    /^Accuracy after all steps against before the first: 75\.0 % against 25\.0 %, difference \+50\.0 \(95 % \+\d+\.\d to \+\d+\.\d; 240 tasks\)\. Expected: the first higher; agrees\.$/,
  )
  expect(second).toContain('The paper says nothing of it.')
  expect(describeBasis(findings)).toContain('One seed')
})

test('an interval that is narrow around none says how large a difference there is not, and a wide one nothing', () => {
  const opened = study('reward-ablation')
  const arms = (count: number): Map<string, MeasuredSeed[]> =>
    new Map(
      opened.arms.map(({ name }, at) => {
        const toolTurns = at === 3 ? 3 : 1
        return [name, [inventedSeed({ accuracy: at === 0 ? 0.1 : 0.5, toolTurns, count })]]
      }),
    )
  const many = findingsOf({ study: opened, measured: arms(24_000) })
  expect(many.list[0]?.verdict).toBe('no difference')
  expect(many.list.map(describeFinding)[0]).toMatch(
    /Expected: the first higher; no difference larger than 0\.\d points\.$/,
  )
  expect(describeVerdict(many)).toBe(
    'A difference that the paper shows is not found here (2 of 5 comparisons agree).',
  )
  const few = findingsOf({ study: opened, measured: arms(60) })
  expect(few.list.map(describeFinding)[0]).toMatch(/Expected: the first higher; cannot tell\.$/)
  expect(few.verdict).toBe('cannot tell')
})

test('seeds are paired with each other, and their differences are told', () => {
  const opened = study('scaling')
  const arm = (...accuracies: number[]): MeasuredSeed[] =>
    accuracies.map((accuracy, seed) => inventedSeed({ accuracy, seed }))
  const [before, , after] = opened.arms.map(({ name }) => name) as [string, string, string]
  const measured = new Map([
    [before, arm(0.1, 0.2, 0.3)],
    // The third is still to come.
    [after, arm(0.6, 0.7)],
  ])
  const findings = findingsOf({ study: opened, measured })
  expect(findings.list[0]?.contrast?.bySeed).toHaveLength(2)
  expect(findings.list.slice(0, 1).map(describeFinding).join()).toContain('2 seeds: +50.0, +50.0')
  expect(describeBasis(findings)).toContain('over seeds')
})

test('checkpoints that are asked the same rows under every seed are compared once, over tasks', () => {
  const opened = study('cold-start', false)
  const [start, sft, trained, full] = opened.arms.map(({ name }) => name) as [string, string, string, string]
  const same = (evaluation: string, accuracy: number): MeasuredSeed[] =>
    [0, 1, 2].map((seed) => inventedSeed({ accuracy, seed, evaluation }))
  const own = (...accuracies: number[]): MeasuredSeed[] =>
    accuracies.map((accuracy, seed) => inventedSeed({ accuracy, seed, evaluation: `${accuracy}-${seed}` }))
  const measured = new Map([
    [start, same('base', 0.2)],
    [sft, same('sft', 0.6)],
    [trained, own(0.1, 0.2, 0.15)],
    [full, own(0.7, 0.9, 0.8)],
  ])
  const comparison: Comparison = {
    ...{ what: 'SFT against the start', measure: 'accuracy', of: sft, against: start },
    expected: { direction: 'higher' },
  }
  const findings = findingsOf({
    study: { ...opened, comparisons: [comparison, { ...comparison, what: 'RL', of: full }] },
    measured,
  })
  expect(findings.list[0]).toMatchObject({ verdict: 'agrees', contrast: { basis: 'tasks', tasks: 240 } })
  expect(findings.list[1]).toMatchObject({ contrast: { basis: 'seeds', tasks: 720 } })
  expect(describeBasis(findings)).toContain('between checkpoints that are not trained here')
  const figures = (name: string) =>
    transformFigures({ measure: MEASURES.accuracy, seeds: measured.get(name) ?? [] })
  expect(figures(sft).byTransform.none?.n).toBe(40)
  expect(figures(full).byTransform.none?.n).toBe(120)
})

test.each([
  [{ name: 'emergent-tools', choices: { ...choices, heldOut: [] } }, '--held-out'],
  [{ name: 'beta-sweep', choices: { ...choices, beta1: [1], beta2: [0.5] } }, '--beta1, --beta2'],
  [{ name: 'beta-sweep', choices: { ...choices, beta1: [1, -1] } }, '--beta1, --beta2'],
  [{ name: 'beta-sweep', choices: { ...choices, beta1: [1, Infinity] } }, '--beta1, --beta2'],
  [{ name: 'scaling', choices: { ...choices, rowCounts: [1.5] } }, '--row-counts'],
] as const)('choices that make no study are refused: %j', (parameters, option) => {
  expect(() => openStudy({ ...parameters, hasTrained: false })).toThrow(`${option}: expected`)
})

test('a number of questions that the steps do not take is refused with those that they do', () => {
  const asked = (rowCounts: number[]): Study =>
    openStudy({ name: 'scaling', choices: { ...choices, rowCounts }, hasTrained: false, most: 16 })
  expect(() => asked([8, 128])).toThrow(
    /^--row-counts: expected whole numbers from 1 to 15, since .* 16 questions .*, got 8 128$/,
  )
  expect(() => asked([16])).toThrow('--row-counts')
  expect(() =>
    openStudy({ name: 'scaling', choices: { ...choices, rowCounts: [7] }, hasTrained: false, batch: 8 }),
  ).toThrow(
    '--row-counts: expected whole numbers from 8 (the questions of one step, training.batch) on, got 7',
  )
  expect(asked([15, 8]).arms.map(({ name }) => name)).toContain('15 questions')
})
