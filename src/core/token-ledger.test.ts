import { expect, test } from '@jest/globals'
import { LedgerError } from './errors.js'
import { createTokenLedger } from './token-ledger.js'

const PAD = 9
const image = { sha256: 'a', grid: { height: 1, width: 2 } }

test('a rollout is segments of what was given and what was sampled', () => {
  const ledger = createTokenLedger({ imagePad: PAD })
  ledger.addContext({ ids: [1, PAD, PAD, 2], images: [image] })
  ledger.addTurn({ prompt: [1, PAD, PAD, 2], ids: [3, 4], logprobs: [-0.5, -1] })
  ledger.addContext({ ids: [5], images: [] })
  expect(ledger.segments).toEqual([
    { ids: [1, PAD, PAD, 2], mask: [0, 0, 0, 0], logprobs: [0, 0, 0, 0], images: [image] },
    { ids: [3, 4], mask: [1, 1], logprobs: [-0.5, -1], images: [] },
    { ids: [5], mask: [0], logprobs: [0], images: [] },
  ])
  expect(ledger.ids).toEqual([1, PAD, PAD, 2, 3, 4, 5])
})

test('a turn whose prompt is not what came before it is refused, and leaves the ledger as it was', () => {
  const ledger = createTokenLedger({ imagePad: PAD })
  ledger.addContext({ ids: [1, 2, 3], images: [] })
  const turn = (prompt: number[]) => () => ledger.addTurn({ prompt, ids: [4], logprobs: [-1] })
  expect(turn([1, 7, 3])).toThrow(LedgerError)
  expect(turn([1, 7, 3])).toThrow(/differ from token 1 on/)
  expect(turn([1, 2])).toThrow(/the 3 tokens before it, got 2 tokens/)
  expect(turn([1, 2, 3, 4])).toThrow(/got 4 tokens/)
  expect(ledger.ids).toEqual([1, 2, 3])
})

test('pads that are not those of the images are refused, sampled ones too', () => {
  const ledger = createTokenLedger({ imagePad: PAD })
  expect(() => ledger.addContext({ ids: [1, PAD], images: [image] })).toThrow(/expected 2 image pads.*got 1/)
  expect(() => ledger.addTurn({ prompt: [], ids: [PAD], logprobs: [-1] })).toThrow(
    /expected 0 image pads.*got 1/,
  )
})

test('log-probabilities that are too few, above 0 or no numbers are refused', () => {
  const ledger = createTokenLedger({ imagePad: PAD })
  const turn = (logprobs: number[]) => () => ledger.addTurn({ prompt: [], ids: [1, 2], logprobs })
  expect(turn([-1])).toThrow(/each of 2 tokens, got 2 and 1/)
  expect(turn([-1, NaN])).toThrow(/token 1: expected a log-probability, got NaN/)
  expect(turn([0.5, -1])).toThrow(/token 0/)
})

test('the pads of each image stand together, in the order of the images, as its grid says', () => {
  const ledger = createTokenLedger({ imagePad: PAD })
  const pads = (count: number) => Array.from({ length: count }, () => PAD)
  const square = (side: number) => ({ sha256: `${side}`, grid: { height: side, width: side } })
  const images = [square(2), square(3)]
  const given = (ids: number[]) => () => ledger.addContext({ ids, images })
  expect(given([1, ...pads(9), 2, ...pads(4)])).toThrow(/\(4, 9, by their grids\), got 9, 4/)
  expect(given([1, ...pads(4), 2, ...pads(5), 3, ...pads(4)])).toThrow(/got 4, 5, 4/)
  expect(ledger.ids).toEqual([])
  given([1, ...pads(4), 2, ...pads(9)])()
  given([...pads(13), 1])()
  expect(ledger.ids).toHaveLength(29)
})

test('ids that no vocabulary has are refused', () => {
  const ledger = createTokenLedger({ imagePad: PAD })
  for (const id of [-1, 1.5, NaN, Infinity])
    expect(() => ledger.addContext({ ids: [1, id], images: [] })).toThrow(
      `token 1: expected an id, a whole number from 0 on, got ${id}`,
    )
})
