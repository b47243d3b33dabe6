import { describe, expect, test } from '@jest/globals'
import { dominates, isConvincing, measureLegibility } from './legibility.js'
import { arrangePage, runsOf, textOfLine, type PageWord } from './page.js'

function word(text: string, box: PageWord['box'], confidence = 90): PageWord {
  return { text, box, confidence }
}

describe('measureLegibility', () => {
  test('weighs characters by confidence and takes the share of all that were read', () => {
    const page = arrangePage({
      width: 100,
      height: 100,
      words: [word('ninety', [0, 0, 60, 20], 90), word('poor', [0, 40, 40, 60], 40)],
    })
    expect(measureLegibility(page)).toEqual({ score: 5.4, share: 0.54, words: 1 })
  })

  test('takes words that lie on their side and lone figures for no proof of an upright page', () => {
    const words = [
      word('standing', [0, 0, 20, 90]),
      word('6969', [40, 0, 90, 20]),
      word('1888', [40, 40, 90, 60]),
    ]
    const legibility = measureLegibility(arrangePage({ width: 100, height: 100, words }))
    expect(legibility.words).toBe(0)
    expect(isConvincing({ ...legibility, score: 100, share: 1 })).toBe(false)
  })

  test('finds one orientation far better than another only where it reads a good deal itself', () => {
    const other = { score: 1, share: 0.1, words: 0 }
    expect(dominates({ score: 40, share: 0.3, words: 5 }, other)).toBe(true)
    expect(dominates({ score: 8, share: 0.3, words: 2 }, other)).toBe(false)
  })
})

describe('arrangePage', () => {
  test('puts words of one height into one line, sorted, and cuts the line at wide gaps', () => {
    const page = arrangePage({
      width: 400,
      height: 100,
      words: [
        word('12.50', [300, 2, 350, 22]),
        word('Tea', [60, 0, 90, 20]),
        word('Green', [0, 1, 50, 21]),
        word('next', [0, 40, 40, 60]),
      ],
    })
    expect(page.lines.map(textOfLine)).toEqual(['Green Tea 12.50', 'next'])
    expect(page.lines.slice(0, 1).flatMap(runsOf).map(textOfLine)).toEqual(['Green Tea', '12.50'])
  })
})
