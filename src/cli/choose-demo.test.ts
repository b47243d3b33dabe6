import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { chooseDemo } from './choose-demo.js'

let folder: string
let there: string
let missing: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-choose-demo-'))
  ;[there, missing] = [join(folder, 'there'), join(folder, 'missing')]
  await mkdir(there)
  await writeFile(join(there, 'config.json'), '{}')
})
afterAll(() => rm(folder, { recursive: true }))

const choose = (given: Partial<Parameters<typeof chooseDemo>[0]>): ReturnType<typeof chooseDemo> =>
  chooseDemo({ policy: undefined, model: undefined, shipped: missing, ...given })

test('the trained model plays where it is there, and the classical agent where it is not, which is told', async () => {
  expect(await choose({ shipped: there })).toEqual({ kind: 'tfjs', model: there })
  expect(await choose({ model: there })).toEqual({ kind: 'tfjs', model: there })
  expect(await choose({})).toMatchObject({
    kind: 'tesseract',
    notice: expect.stringContaining(`The trained model is not there (${missing})`) as unknown,
  })
  expect(await choose({ policy: 'tesseract', shipped: there })).toEqual({ kind: 'tesseract', notice: null })
})

test('a model that is asked for and not there is refused, and so is one that nobody would use', async () => {
  await expect(choose({ policy: 'tfjs' })).rejects.toThrow(UsageError)
  await expect(choose({ model: missing })).rejects.toThrow('expected a checkpoint of the mini experiment')
  await expect(choose({ policy: 'tesseract', model: there })).rejects.toThrow('--model: expected none')
})
