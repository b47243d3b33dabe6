import { describe, expect, test } from '@jest/globals'
import type { EncodedImage } from '../../core/image.js'
import { findUpright } from './find-upright.js'
import type { Desk, Sight } from './investigation.js'
import { arrangePage, type Page } from './page.js'
import { parseQuestion } from './parse-question.js'
import type { Observation } from './read-conversation.js'

/** A page whose `good` words read with confidence and whose `bad` ones do not. */
function pageOf({ good, bad }: { good: number; bad: number }): Page {
  const words = Array.from({ length: good + bad }, (_, index) => ({
    text: 'reading',
    confidence: index < good ? 95 : 30,
    box: [0, index * 30, 70, index * 30 + 20] as const,
  }))
  return arrangePage({ width: 400, height: 2000, words })
}

function viewOf(name: string): EncodedImage {
  return {
    sha256: name,
    width: 400,
    height: 2000,
    mediaType: 'image/png',
    read: () => Promise.resolve(Buffer.of()),
  }
}

/** Goes through the search; `pages` says what the view after each turn reads like, by the turn's code. */
async function search({
  direction,
  given,
  pages,
  question = 'What is written here?',
}: {
  direction: 'across' | 'down'
  given: Page
  pages: (code: string) => Page | 'failed'
  question?: string
}): Promise<{ codes: string[]; found: Sight }> {
  const seen = new Map<string, Page>()
  const desk: Desk = {
    callsLeft: 9,
    reader: {
      read: (view) => Promise.resolve(seen.get(view.sha256) ?? given),
      readClosely: (view) => Promise.resolve(seen.get(view.sha256) ?? given),
      direction: () => Promise.resolve(direction),
    },
  }
  const codes: string[] = []
  const steps = findUpright({
    desk,
    given: { view: viewOf('given'), imageIndex: 0, page: given },
    plan: parseQuestion(question),
  })
  let step = await steps.next()
  while (!step.done) {
    const { code } = step.value
    codes.push(code)
    const page = pages(code)
    if (page !== 'failed') seen.set(code, page)
    const observation: Observation =
      page === 'failed'
        ? { status: 'failed', text: 'The code took too long' }
        : { status: 'seen', view: viewOf(code), imageIndex: codes.length }
    step = await steps.next(observation)
  }
  return { codes, found: step.value }
}

const ROTATE_90 = 'result = image.rotate(90, expand=True)'
const ROTATE_180 = 'result = image.rotate(180, expand=True)'
const ROTATE_270 = 'result = image.rotate(270, expand=True)'
const MIRROR = 'result = ImageOps.mirror(image)'
const FLIP = 'result = ImageOps.flip(image)'
const poor = pageOf({ good: 1, bad: 20 })

describe('findUpright', () => {
  test('leaves an image alone that reads', async () => {
    const { codes, found } = await search({
      direction: 'across',
      given: pageOf({ good: 10, bad: 2 }),
      pages: () => poor,
    })
    expect(codes).toEqual([])
    expect(found.imageIndex).toBe(0)
  })

  test('stops at the first orientation that reads, those along the lines of text first', async () => {
    const across = await search({
      direction: 'across',
      given: poor,
      pages: (code) => (code === MIRROR ? pageOf({ good: 10, bad: 2 }) : poor),
    })
    expect(across.codes).toEqual([ROTATE_180, MIRROR])
    const down = await search({
      direction: 'down',
      given: poor,
      pages: (code) => (code === ROTATE_270 ? pageOf({ good: 10, bad: 2 }) : poor),
    })
    expect(down.codes).toEqual([ROTATE_90, ROTATE_270])
    expect(down.found.imageIndex).toBe(2)
  })

  test('settles for an orientation that reads badly where its rivals read far worse', async () => {
    const { codes, found } = await search({
      direction: 'across',
      given: pageOf({ good: 8, bad: 40 }),
      pages: () => poor,
    })
    expect(codes).toEqual([ROTATE_180])
    expect(found.imageIndex).toBe(0)
  })

  test('tries everything and takes the best where nothing reads well', async () => {
    const { codes, found } = await search({
      direction: 'across',
      given: poor,
      pages: (code) => (code === FLIP ? pageOf({ good: 3, bad: 20 }) : poor),
    })
    expect(codes).toEqual([ROTATE_180, MIRROR, FLIP, ROTATE_90, ROTATE_270])
    expect(found.view.sha256).toBe(FLIP)
  })

  test('goes on with the next orientation after a call that failed', async () => {
    const { codes, found } = await search({
      direction: 'across',
      given: poor,
      pages: (code) => (code === ROTATE_180 ? 'failed' : pageOf({ good: 10, bad: 2 })),
    })
    expect(codes).toEqual([ROTATE_180, MIRROR])
    expect(found.view.sha256).toBe(MIRROR)
  })

  test('doubts a confident reading where the lines run down the image', async () => {
    const { codes } = await search({
      direction: 'down',
      given: pageOf({ good: 10, bad: 7 }),
      pages: (code) => (code === ROTATE_90 ? pageOf({ good: 20, bad: 2 }) : poor),
    })
    expect(codes).toEqual([ROTATE_90])
  })

  test('knows an image for upright in which the question can be found', async () => {
    const { codes } = await search({
      direction: 'down',
      given: poor,
      pages: () => poor,
      question: "What is written below 'Reading'?",
    })
    expect(codes).toEqual([])
  })
})
