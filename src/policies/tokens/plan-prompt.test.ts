import { expect, test } from '@jest/globals'
import { planPrompt, type KnownTurn } from './plan-prompt.js'
import type { PieceTokens } from './read-pieces.js'

const END = 9
const piece = (...ids: number[]): PieceTokens => ({ ids, images: [] })
const known: KnownTurn = { text: 'A', ids: [5, 6, END], before: piece(1, 2) }
const plan = (given: Partial<Parameters<typeof planPrompt>[0]>) =>
  planPrompt({
    pieces: [piece(1, 2), piece(END, 3)],
    turns: ['A'],
    known: [known],
    stopIds: new Set([END]),
    encode: (text) => [...Buffer.from(text)],
    ...given,
  })

test('a turn that ended itself is not ended again by the template', () => {
  expect(plan({})).toEqual({ isKnown: true, turns: [known], added: piece(3) })
})

test('a turn that was cut is ended by the template', () => {
  const cut = { ...known, ids: [5, 6] }
  expect(plan({ known: [cut] }).added).toEqual(piece(END, 3))
})

test('what opened a turn and is not written of it later stays', () => {
  const opened = { ...known, before: piece(1, 2, 7) }
  expect(plan({ known: [opened] })).toEqual({ isKnown: true, turns: [opened], added: piece(3) })
})

test('what differs before a turn makes another conversation, in which the turn keeps its tokens', () => {
  expect(plan({ pieces: [piece(1, 4), piece(END, 3)] })).toEqual({
    isKnown: false,
    turns: [{ ...known, before: piece(1, 4) }],
    added: piece(3),
  })
})

test('another image of the same size makes another conversation', () => {
  const withImage = (sha256: string): PieceTokens => ({
    ids: [1, 2],
    images: [{ sha256, grid: { height: 1, width: 1 }, process: () => Promise.reject(new Error('no')) }],
  })
  const seen = [{ ...known, before: withImage('a') }]
  expect(plan({ known: seen, pieces: [withImage('a'), piece(3)] }).isKnown).toBe(true)
  expect(plan({ known: seen, pieces: [withImage('b'), piece(3)] }).isKnown).toBe(false)
})

test('turns that nobody sampled here are read from their text', () => {
  expect(plan({ turns: ['B'] })).toEqual({
    isKnown: false,
    turns: [{ text: 'B', ids: [66], before: piece(1, 2) }],
    added: piece(END, 3),
  })
})

test('a conversation that is shorter than what is known begins anew', () => {
  expect(plan({ pieces: [piece(1, 2)], turns: [] })).toEqual({
    isKnown: false,
    turns: [],
    added: piece(1, 2),
  })
})
