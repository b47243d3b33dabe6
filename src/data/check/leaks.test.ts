import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { ORIENTATIONS } from '../../core/orientation.js'
import { transformImage } from '../transforms/transform-image.js'
import { picture } from './testing/picture.js'
import { cell, createWorkbench } from './testing/workbench.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-leaks-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const { row, jsonl, check, linesOf } = await createWorkbench({ folder })

describe('leaks', () => {
  test('a question that holds its answer is told; alternatives, options and short answers are not', async () => {
    const lines = await linesOf('leaks.jsonl', [
      row({ question: 'What is the name of the café “Tulip”?' }),
      row({ question: 'Is it a tulip or a rose?' }),
      row({ question: 'Is it a rose or a tulip?' }),
      row({ question: 'Is it to the left or to the right of the cup?', answer: 'right' }),
      row({ question: 'What do tulips cost?' }),
      row({ question: 'Answer yes or no: is it open?', answer: 'yes' }),
      row({ question: 'What is the 3 for?', answer: '3' }),
      row({ question: 'Is a tulip here?', answer: 'tulip', options: ['tulip', 'rose'] }),
      row({ question: 'What costs $5.00 (net)?', answer: '$5.00 (net)' }),
    ])
    expect(lines.map((line) => line.split(':').slice(0, 2).join())).toEqual([
      'leaks.jsonl line 1, leak',
      'leaks.jsonl line 9, leak',
    ])
  })

  test('a right option that stands at A too often is told with its p; places are tested where they are not suspicious', async () => {
    const options = ['oak', 'elm', 'ash', 'yew']
    const rows = (letters: string): unknown[] => [...letters].map((answer) => row({ options, answer }))
    const biased = await jsonl('biased.jsonl', rows('A'.repeat(30) + 'BCD'.repeat(4)))
    const fair = await jsonl('fair.jsonl', rows('ABCD'.repeat(8)))
    const { lines, report } = await check([biased, fair], ['near-duplicate'])
    // χ² = (30 − 10.5)² / 10.5 + 3 (4 − 10.5)² / 10.5 = 48.29, 3 degrees of freedom.
    expect(lines).toEqual([
      'biased.jsonl: position: places of the right one of 4 options: expected each equally often (p ≥ 0.001), got A 30, B 4, C 4, D 4; p = 1.9e-10 (chi-square)',
    ])
    expect(report.positions).toMatchObject([
      { source: biased, options: 4, counts: [30, 4, 4, 4] },
      { source: fair, options: 4, counts: [8, 8, 8, 8], p: 1, test: 'chi-square' },
    ])
  })

  test('a question counts once, in however many orientations it comes', async () => {
    const rows = Array.from({ length: 60 }, () =>
      row({ question: 'Which tree?', options: ['oak', 'elm'], answer: 'A', cluster: 'trees' }),
    )
    const { report } = await check([await jsonl('cluster.jsonl', rows)], ['duplicate'])
    expect(report.positions).toMatchObject([{ counts: [1, 0], p: 1 }])
  })
})

describe('pictures in two files', () => {
  test('are found again scaled, compressed, turned and mirrored; other pictures are not taken for them', async () => {
    const seeds = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']
    const train = await Promise.all(seeds.map(async (seed) => row({ image: cell(await picture({ seed })) })))
    const copies: Buffer[] = []
    for (const [at, transform] of ORIENTATIONS.entries()) {
      const source = await picture({ seed: seeds[at] ?? '' })
      const scaled = await sharp(source).resize(97).jpeg({ quality: 70 }).toBuffer()
      copies.push(await transformImage({ bytes: scaled, transform }))
    }
    const others = await Promise.all([8, 9, 10, 11, 12, 13].map((at) => picture({ seed: `q${at}` })))
    const test = [...copies, ...others].map((bytes) => row({ image: cell(bytes) }))
    const { lines } = await check([await jsonl('train.jsonl', train), await jsonl('test.jsonl', test)])
    expect(lines).toHaveLength(8)
    for (const [at, line] of lines.entries())
      expect(line).toMatch(
        new RegExp(
          `^test\\.jsonl line ${at + 1}: near-duplicate: .*that of train\\.jsonl line ${at + 1} \\(`,
        ),
      )
  })

  test('are told of two splits of one file too, and not within one', async () => {
    const { lines } = await check([
      await jsonl('splits.jsonl', [row({ split: 'train' }), row({ split: 'train' }), row({ split: 'test' })]),
    ])
    expect(lines).toEqual([
      'splits.jsonl line 3: near-duplicate: images[0]: expected a picture that no other file or split has, got that of splits.jsonl line 1 (the same file)',
    ])
  })
})
