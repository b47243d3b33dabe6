import { describe, expect, test } from '@jest/globals'
import { TRANSFORMS } from '../../core/transform.js'
import type { SampleDigest } from './digest.js'
import { wilson } from '../statistics/wilson.js'
import { summarize, type SummaryHead } from './summary.js'
import { renderTable } from '../table/table.js'

const head: SummaryHead = {
  suite: 'small',
  policy: { name: 'openai', model: 'm' },
  scoring: 'strict',
  judge: 'none',
  judgeReading: null,
  epochs: 1,
  planned: 7,
}

const rollout = { turns: 2, calls: 1, failedCalls: 0, malformedCalls: 0, recovered: false, emergentTools: [] }

function digest(key: string, changes: Partial<SampleDigest> = {}): SampleDigest {
  return {
    ...{ key: `${key}#0`, taskKey: key, epoch: 0, cluster: key, transform: 'none', outcome: 'correct' },
    ...{ scorer: 'none', category: null, rotation: null, value: null },
    rollout,
    ...changes,
  }
}

const digests: SampleDigest[] = [
  digest('a'),
  digest('b', { rollout: { ...rollout, turns: 4, calls: 3, failedCalls: 1, recovered: true } }),
  digest('c', {
    outcome: 'wrong',
    rollout: { ...rollout, turns: 3, calls: 2, failedCalls: 1, recovered: true, malformedCalls: 2 },
  }),
  digest('d', {
    transform: 'flip_vertical',
    outcome: 'unparsed',
    rollout: { ...rollout, turns: 1, calls: 0 },
  }),
  digest('e', { transform: 'flip_vertical', outcome: 'sandbox-error', rollout: null }),
  digest('f', { transform: 'flip_vertical', outcome: 'judge-error' }),
]

describe('summarize', () => {
  test('counts by hand: rates leave out the failures of the infrastructure, recoveries need a right answer', () => {
    const { overall, byTransform, isComplete } = summarize({ head, digests })
    expect(isComplete).toBe(false)
    expect(overall).toMatchObject({
      n: 4,
      correct: 2,
      accuracy: 0.5,
      excluded: 2,
      outcomes: { correct: 2, wrong: 1, unparsed: 1, 'sandbox-error': 1, 'judge-error': 1, truncated: 0 },
      meanTurns: 10 / 4,
      toolCalls: 6,
      meanToolCalls: 6 / 4,
      toolErrors: 2,
      toolErrorRate: 2 / 6,
      malformedCalls: 2,
      withErrors: 2,
      recoveries: 1,
    })
    // Wilson at 2 of 4, by hand: (0.5 + z²/8) / (1 + z²/4) ± …, symmetric about one half.
    expect(overall.interval?.[0]).toBeCloseTo(0.15, 3)
    expect(overall.interval?.[1]).toBeCloseTo(0.85, 3)
    expect(Object.keys(byTransform)).toEqual(['none', 'flip_vertical'])
    expect(byTransform.none).toMatchObject({ n: 3, correct: 2 })
    expect(byTransform.flip_vertical).toMatchObject({ n: 1, accuracy: 0, excluded: 2 })
  })

  test('tells errors, recoveries and tools outside the core set with their intervals', () => {
    const used = [
      digest('a', { rollout: { ...rollout, emergentTools: ['contrast_up', 'resize'] } }),
      digest('b', { outcome: 'wrong', rollout: { ...rollout, emergentTools: ['contrast_up'] } }),
      digest('c', { rollout: { ...rollout, calls: 3, failedCalls: 1, recovered: true } }),
      digest('d', { transform: 'rotate_90' }),
    ]
    const { overall, byTransform } = summarize({ head, digests: used })
    expect(overall).toMatchObject({
      toolErrorRate: 1 / 6,
      recoveryRate: 1,
      emergent: {
        samples: 2,
        correct: 1,
        rate: 0.5,
        byTool: {
          contrast_up: { samples: 2, correct: 1, accuracy: 0.5 },
          resize: { samples: 1, correct: 1 },
        },
      },
    })
    expect(overall.recoveryInterval?.[0]).toBeCloseTo(0.2065, 4)
    expect(overall.emergent.rateInterval).toEqual(wilson({ successes: 2, n: 4 }))
    expect(byTransform.rotate_90?.emergent).toMatchObject({ samples: 0, accuracy: null, interval: null })
  })

  test('variants of one question are one cluster', () => {
    const rotations = ['a', 'b', 'c', 'd'].map((key) => digest(key, { cluster: 'question' }))
    const { overall } = summarize({ head, digests: rotations })
    expect(overall).toMatchObject({ n: 4, clusters: 1, interval: [wilson({ successes: 1, n: 1 })[0], 1] })
  })

  test('partial credit has a mean of its own beside the accuracy', () => {
    const graded = [
      digest('a', { value: 1 }),
      digest('b', { outcome: 'wrong', value: 0.5 }),
      digest('c', { outcome: 'unparsed' }),
    ]
    const { overall } = summarize({ head, digests: graded })
    expect(overall.accuracy).toBeCloseTo(1 / 3, 12)
    expect(overall.partial?.mean).toBe(0.5)
    // Half a standard error of 0.5/√3 times 4.303: beyond both ends.
    expect(overall.partial?.interval).toEqual([0, 1])
    expect(summarize({ head, digests }).overall.partial).toBeNull()
  })

  test('the average of the six weighs each transformation the same', () => {
    const many = TRANSFORMS.flatMap((transform, index) =>
      Array.from({ length: index + 1 }, (_, member) =>
        digest(`${transform}${member}`, { transform, outcome: index === 0 ? 'correct' : 'wrong' }),
      ),
    )
    expect(summarize({ head, digests: many }).average?.value).toBeCloseTo(1 / 6, 12)
    expect(summarize({ head, digests: many.slice(1) }).average).toBeNull()
  })

  test('epochs give the accuracy of each and pass@k over tasks', () => {
    const epochs = [
      ['a', 0, true],
      ['a', 1, false],
      ['a', 2, false],
      ['b', 0, true],
      ['b', 1, true],
      ['b', 2, true],
    ] as const
    const list = epochs.map(([task, epoch, isRight]) =>
      digest(task, { key: `${task}#${epoch}`, epoch, outcome: isRight ? 'correct' : 'wrong' }),
    )
    const { overall } = summarize({ head: { ...head, epochs: 3 }, digests: list })
    expect(overall.byEpoch).toEqual([
      { epoch: 0, n: 2, accuracy: 1 },
      { epoch: 1, n: 2, accuracy: 0.5 },
      { epoch: 2, n: 2, accuracy: 0.5 },
    ])
    // Task a, one of three right: pass@1 1/3, pass@2 2/3, pass@3 1; task b always 1.
    expect(overall.passAtK.map(({ k, tasks, value }) => [k, tasks, value.toFixed(4)])).toEqual([
      [1, 2, '0.6667'],
      [2, 2, '0.8333'],
      [3, 2, '1.0000'],
    ])
    expect(summarize({ head, digests }).overall.passAtK).toEqual([])
  })

  test('categories are told in order, samples without one in none', () => {
    const list = [digest('a', { category: 'text' }), digest('b', { category: 'chart' }), digest('c')]
    const { byCategory, overall } = summarize({ head, digests: list })
    expect(Object.entries(byCategory).map(([name, { n }]) => [name, n])).toEqual([
      ['chart', 1],
      ['text', 1],
    ])
    expect(overall.n).toBe(3)
  })

  test('does not depend on the order of the samples', () => {
    const shuffled = [...digests].reverse()
    expect(JSON.stringify(summarize({ head, digests: shuffled }))).toBe(
      JSON.stringify(summarize({ head, digests })),
    )
  })

  test('a run without scored samples has no accuracy rather than zero', () => {
    const { overall } = summarize({ head, digests: [digest('e', { outcome: 'model-error', rollout: null })] })
    expect(overall).toMatchObject({
      n: 0,
      accuracy: null,
      interval: null,
      meanTurns: null,
      toolErrorRate: null,
    })
  })

  test('epochs of one task do not narrow the interval', () => {
    const once = [digest('a'), digest('b', { outcome: 'wrong' })]
    const thrice = [0, 1, 2].flatMap((epoch) =>
      once.map((one) => ({ ...one, epoch, key: `${one.taskKey}#${epoch}` })),
    )
    const intervals = [once, thrice].map((list) => summarize({ head, digests: list }).overall.interval)
    expect(intervals[1]?.[0]).toBeCloseTo(intervals[0]?.[0] ?? NaN, 12)
  })
})

describe('renderTable', () => {
  test('shows each transformation on its own, the whole, the judge, and what is missing', () => {
    const lines = renderTable(summarize({ head, digests })).split('\n')
    expect(lines[0]).toBe('small · openai (m) · scoring strict · judge none')
    expect(lines[3]).toMatch(/^Source +3 +66\.7 % +20\.8 % – 93\.9 % +3\.0 +2\.0 +2\/6 \(33\.3 %\) +1\/2 /)
    expect(lines[4]).toMatch(/^Verti +1 +0\.0 % .* – +0\/0|^Verti/)
    expect(lines[5]).toMatch(/^all +4 +50\.0 % +15\.0 % – 85\.0 %/)
    expect(lines.at(-1)).toBe(
      'Incomplete: 4 of 7 samples scored (1 sandbox-error, 1 judge-error, 1 not run; in no rate).',
    )
  })

  test('a run is complete without the samples whose images cannot be used, and says so', () => {
    const scored = digests.slice(0, 4)
    const all = [...scored, digest('g', { outcome: 'unusable', rollout: null })]
    const summary = summarize({ head: { ...head, planned: 5 }, digests: all })
    expect(summary).toMatchObject({ isComplete: true, overall: { n: 4, excluded: 1, unusable: 1 } })
    expect(summary.overall.outcomes['sandbox-error']).toBe(0)
    expect(renderTable(summary)).toMatch(/\n1 of 5 samples have images that cannot be used; in no rate\.$/)
  })

  test('a run of unusable samples alone is not complete, and promises nothing', () => {
    const all = [digest('g', { outcome: 'unusable', rollout: null })]
    const summary = summarize({ head: { ...head, planned: 1 }, digests: all })
    expect(summary.isComplete).toBe(false)
    expect(renderTable(summary)).toMatch(/No sample could be scored\.$/)
    expect(renderTable(summary)).not.toMatch(/resume/)
  })
})
