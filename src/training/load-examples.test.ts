import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { loadSftConfig } from '../config/training-config.js'
import { loadExamples } from './load-examples.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-load-examples-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

await mkdir(join(folder, 'images'))
await sharp({ create: { width: 9, height: 9, channels: 3, background: 'teal' } }).toFile(
  join(folder, 'images/a.png'),
)

const row = (question: string, image = 'images/a.png') => ({
  conversations: [
    { from: 'human', value: `<image>${question}` },
    { from: 'gpt', value: '<answer>teal</answer>' },
  ],
  images: [image],
})

async function load(settings: string): Promise<{ count: number; held: number | null; warnings: string[] }> {
  const path = join(folder, 'sft.yaml')
  await writeFile(path, `model: { kind: tfjs, path: base }\ndata: talks.json\n${settings}`)
  const warnings: string[] = []
  const { examples, held } = await loadExamples({
    config: await loadSftConfig({ path }),
    check: () => undefined,
    onWarning: (message) => warnings.push(message.replaceAll(`${folder}/`, '')),
  })
  return { count: examples.count, held: held?.count ?? null, warnings }
}

test('what cannot be used is told by name, the first few, and counted; the limit counts what can', async () => {
  const lost = Array.from({ length: 7 }, (_, at) => row(`lost ${at}?`, `images/lost-${at}.png`))
  const talks = [row('first?'), {}, ...lost, row('second?'), row('third?')]
  await writeFile(join(folder, 'talks.json'), JSON.stringify(talks))
  const all = await load('')
  expect(all).toMatchObject({ count: 3, held: null })
  expect(all.warnings).toHaveLength(6)
  expect(all.warnings[0]).toMatch(/^Left out: talks\.json row 2/)
  expect(all.warnings[1]).toMatch(/^Left out: talks\.json row 3 \(2\): .*lost-0\.png; Error: ENOENT/)
  expect(all.warnings.at(-1)).toBe('… and 3 more were left out: 8 in all, beside 3 that are used')
  expect((await load('limit: 2\n')).count).toBe(2)
  await writeFile(join(folder, 'talks.json'), JSON.stringify(lost))
  await expect(load('')).rejects.toThrow('talks.json: expected conversations to learn from, got none')
})

test('conversations that are measured and learned from too are told, by their contents', async () => {
  await writeFile(join(folder, 'talks.json'), JSON.stringify([row('first?'), row('second?'), row('third?')]))
  await copyFile(join(folder, 'images/a.png'), join(folder, 'images/copy.png'))
  const held = [row('second?'), row('fourth?'), row('first?', 'images/copy.png')]
  await writeFile(join(folder, 'held.json'), JSON.stringify(held))
  const both = await load('heldOut: { data: held.json }\n')
  expect(both).toMatchObject({ count: 3, held: 3 })
  expect(both.warnings).toEqual([
    expect.stringMatching(/^Warning: 2 of the 3 conversations of `heldOut\.data` are learned from too/),
  ])
  expect((await load('heldOut: { count: 1 }\n')).warnings).toEqual([])
})
