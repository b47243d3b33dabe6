import { expect, test } from '@jest/globals'
import { createRandom } from '../demo/random.js'
import { ask, askPair } from './ask.js'
import type { SceneContent } from './scene-content.js'

const random = () => createRandom({ seed: 'ask' })
const number = (label: string, value: number, column: string | null = null) =>
  ({ label, column, value: { kind: 'number', number: value } }) as const

const receipt: SceneContent = {
  heading: 'Bando',
  code: 'KT-482',
  items: [number('Dorken', 450), number('Gaston', 905), number('Hemuma', 120)],
}

test('amounts are compared and added up as the receipt writes them', () => {
  const sum = ask({ random: random(), style: 'receipt', kind: 'sum', content: receipt })
  expect(['13.55', '10.25']).toContain(sum.answer)
  const larger = ask({ random: random(), style: 'receipt', kind: 'compare', content: receipt })
  expect(larger.answer).toBe('9.05')
})

test('the code at the foot is read as it stands', () => {
  expect(ask({ random: random(), style: 'receipt', kind: 'read', content: receipt })).toMatchObject({
    answer: 'KT-482',
    evidence: { kind: 'code' },
  })
})

test('cells that are compared stand in one column, one above the other', () => {
  const content = {
    ...receipt,
    items: ['Dorken', 'Gaston', 'Hemuma'].flatMap((label, row) =>
      ['May', 'June'].map((column, at) => number(label, 100 * (row + 1) + at, column)),
    ),
  }
  for (let seed = 0; seed < 20; seed++) {
    const { evidence } = ask({
      random: createRandom({ seed: String(seed) }),
      style: 'table',
      kind: 'compare',
      content,
    })
    const [first = 0, second = 0] = evidence.kind === 'items' ? evidence.indices : []
    expect(second - first).toBe(2)
  }
})

test('dots are counted', () => {
  const content: SceneContent = {
    ...receipt,
    items: [
      {
        label: 'red',
        column: null,
        value: { kind: 'dots', cells: Array.from({ length: 17 }, (_, cell) => cell), radius: 0.3 },
      },
    ],
  }
  expect(ask({ random: random(), style: 'cards', kind: 'count', content })).toMatchObject({
    question: 'How many dots are drawn on the red card?',
    answer: '17',
  })
})

test('of two scenes the same item is asked for', () => {
  const second = { ...receipt, items: [number('Dorken', 1), number('Gaston', 2), number('Hemuma', 3)] }
  const { answer, evidence } = askPair({
    random: random(),
    style: 'sign',
    kind: 'sum',
    contents: [receipt, second],
  })
  const [index = 0] = evidence.kind === 'items' ? evidence.indices : []
  expect(answer).toBe(['451', '907', '123'][index])
})
