import { describe, expect, test } from '@jest/globals'
import type { HiertextAnnotation, HiertextWord } from '../hiertext-annotation.js'
import { imageTextOf } from '../image-text.js'
import { indexPhrases } from '../phrases.js'
import type { Proposal } from '../proposal.js'
import { PROPOSE } from '../propose.js'
import type { QuestionKind } from '../question-kind.js'
import { annotate } from '../testing/annotate.js'
import { rectangle } from '../testing/draw-hiertext.js'

function propose(
  kind: QuestionKind,
  annotation: HiertextAnnotation,
): { asked: string[]; proposals: Proposal[]; drops: string[] } {
  const image = imageTextOf({ annotation, minHeight: 8, handwritten: false })
  const drops: string[] = []
  const proposals = PROPOSE[kind]({
    image,
    phrases: indexPhrases(image),
    drop: (reason) => drops.push(reason),
  })
  const asked = proposals.map(({ slots, answer }) => `${Object.values(slots).join(' / ')} → ${answer}`)
  return { asked, proposals, drops }
}

describe('next-line', () => {
  test('quotes a line whole, or how it begins where it is long, and answers without final punctuation', () => {
    const { asked, proposals, drops } = propose(
      'next-line',
      annotate([['Opening hours', 'Monday to Friday', 'we will be glad to see you', 'Closed Sunday.']]),
    )
    expect(asked).toEqual(['Opening hours → Monday to Friday', 'we will → Closed Sunday'])
    expect(proposals[1]?.alternatives).toEqual(['Closed Sunday.'])
    expect(proposals[1]?.evidence.map(({ text }) => text)).toEqual(['Closed', 'Sunday.'])
    expect(drops).toEqual(['answer too long', 'no line follows'])
  })

  test('does not ask where the line stands twice, in whatever case and punctuation', () => {
    const { asked, drops } = propose(
      'next-line',
      annotate([
        ['Menu', 'Soup'],
        ['MENU:', 'Salad'],
      ]),
    )
    expect(asked).toEqual([])
    expect(drops.filter((reason) => reason === 'place has no unique phrase')).toHaveLength(2)
  })

  test('does not ask across a line that cannot be read, nor past the end of a paragraph', () => {
    const annotation = annotate([['First', 'Second', 'Third'], ['Alone']], {
      word: (word) => (word.text === 'Second' ? { ...word, text: '', legible: false } : word),
    })
    const { asked, drops } = propose('next-line', annotation)
    expect(asked).toEqual([])
    expect(drops).toEqual(['no line follows', 'no line follows', 'no line follows'])
  })

  test('does not ask where text of another paragraph, or text that cannot be read, lies between', () => {
    const inBetween: Partial<HiertextWord> = {
      vertices: rectangle({ left: 52, top: 107, right: 80, bottom: 117 }),
    }
    const between = (changes: Partial<HiertextWord>): HiertextAnnotation =>
      annotate([['First', 'Second'], ['Between']], {
        word: (word) => (word.text === 'Between' ? { ...word, ...inBetween, ...changes } : word),
      })
    expect(propose('next-line', between({})).drops).toContain('other text in between')
    const annotation = between({ handwritten: true })
    const [first, second] = annotation.paragraphs
    for (const line of second?.lines ?? []) line.vertices = inBetween.vertices ?? []
    expect(propose('next-line', annotation).drops).toContain('other text in between')
    first?.lines.push(...(second?.lines ?? []))
    expect(propose('next-line', annotation).drops).toContain('following line cannot be used')
    expect(propose('next-line', annotate([['First', 'Second'], ['Between']])).asked).toEqual([
      'First → Second',
    ])
  })

  test('asks nothing of a paragraph whose lines stand side by side', () => {
    const annotation = annotate([['Left'], ['Right']])
    const [first, second] = annotation.paragraphs
    const lines = [...(first?.lines ?? []), ...(second?.lines ?? [])]
    const joined = { ...annotation, paragraphs: [{ vertices: [], legible: true, lines }] }
    expect(propose('next-line', joined).drops).toEqual([
      'lines stand side by side',
      'lines stand side by side',
    ])
  })
})

describe('word-after', () => {
  test('names the word before; one that comes again is named with the beginning of its line', () => {
    const { asked } = propose('word-after', annotate([['Bread and butter', 'Salt and pepper']]))
    expect(asked).toEqual(['Bread → and', 'and / Bread → butter', 'Salt → and', 'and / Salt → pepper'])
  })

  test('takes look-alikes and parts of compounds for the same word', () => {
    const { asked } = propose('word-after', annotate([['Code BOB left', 'Code-name B0B right']]))
    expect(asked).not.toContainEqual(expect.stringMatching(/^(BOB|B0B|Code) →/))
  })

  test('does not ask for a number, a compound, a single letter or the first half of a word', () => {
    const { asked, drops } = propose(
      'word-after',
      annotate([['Alpha 12', 'Bravo out-door', 'Charlie x', 'Delta some-']]),
    )
    expect(asked).toEqual([])
    expect(drops.sort()).toEqual([
      'answer is no plain word',
      'answer is no plain word',
      'answer is no plain word',
      'answer too short',
    ])
  })
})

describe('count-words', () => {
  test('counts words that everybody counts alike', () => {
    const { asked, proposals, drops } = propose(
      'count-words',
      annotate([["Don't feed the birds.", 'Fish & chips', 'Well-known old house', 'Two words']]),
    )
    expect(asked).toEqual(["Don't → 4"])
    expect(proposals[0]?.alternatives).toEqual(['four'])
    expect(drops).toEqual(['words cannot be counted for sure', 'words cannot be counted for sure'])
  })
})

describe('count-occurrences', () => {
  const lines = ['The red door', 'a red roof and', 'one red wall']

  test('counts a word over the whole image', () => {
    const { asked, proposals } = propose('count-occurrences', annotate([lines, ['so red']]))
    expect(asked).toEqual(['red → 4'])
    expect(proposals[0]?.evidence).toHaveLength(4)
  })

  test('does not count where some text could not be read, even elsewhere', () => {
    expect(propose('count-occurrences', annotate([lines], { legible: false })).drops).toEqual([
      'illegible text in the image',
    ])
  })

  test('does not count a word that is also written otherwise, in a compound, or by hand', () => {
    expect(propose('count-occurrences', annotate([[...lines, 'RED']])).drops).toEqual([
      'written in several ways',
    ])
    expect(propose('count-occurrences', annotate([[...lines, 'dark-red']])).drops).toEqual([
      'occurrences cannot all be used',
    ])
    const annotation = annotate([lines, ['red']], {
      word: (word) => ({ ...word, handwritten: (word.vertices[0]?.[0] ?? 0) > 600 }),
    })
    expect(propose('count-occurrences', annotation).drops).toEqual(['occurrences cannot all be used'])
  })
})

describe('number-after', () => {
  test('names a number by the words before it, as few as make it unique', () => {
    const { asked, proposals } = propose(
      'number-after',
      annotate([['Unit Price $1,250.00', 'List Price 980', 'Share 20%', 'Year: 1998.']]),
    )
    expect(asked).toEqual(['Unit Price → 1,250.00', 'List Price → 980', 'Share → 20%', 'Year → 1998'])
    expect(proposals.map(({ alternatives }) => alternatives)).toEqual([
      ['$1,250.00', '1250.00', '$1,250.00'],
      ['980', '980'],
      ['20%', '20', '20%'],
      ['1998', '1998.'],
    ])
  })

  test('does not ask where it is not sure what belongs to the number', () => {
    const { asked, drops } = propose(
      'number-after',
      annotate([['Phone 0171 555', 'Loss -5', 'Part .75', 'Size 12cm', 'Range 5-9']]),
    )
    expect(asked).toEqual([])
    expect(new Set(drops)).toEqual(new Set(['number cannot be told for sure', 'place has no unique phrase']))
  })
})

describe('line-end', () => {
  test('names a line by its beginning, and asks how it ends', () => {
    const { asked, drops } = propose(
      'line-end',
      annotate([['Keep this gate closed', 'Keep off the grass!', 'Room number 5']]),
    )
    expect(asked).toEqual(['Keep this → closed', 'Keep off → grass'])
    expect(drops).toEqual(['answer too short'])
  })
})
