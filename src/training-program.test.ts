import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import sharp from 'sharp'
import { openBackend } from './models/backend/open-backend.js'
import { writeTinyCheckpoint } from './models/testing/tiny-checkpoint.js'
import { resolveRuntime } from './wiring.js'

const root = fileURLToPath(new URL('../', import.meta.url))

/** A project beside a tiny checkpoint, with the package as an installation has it: found by its name, through its entry. */
let project: string

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'codevision-training-program-'))
  await openBackend('cpu')
  await writeTinyCheckpoint({ directory: join(project, 'tiny') })
  await mkdir(join(project, 'node_modules'))
  await symlink(root, join(project, 'node_modules/codevision'))
  const image = { width: 32, height: 16, channels: 3, background: 'teal' } as const
  const picture = await sharp({ create: image }).png().toBuffer()
  await writeFile(join(project, 'picture.png'), picture)
  const talk = {
    conversations: [
      { from: 'human', value: '<image>\nIs it teal?' },
      { from: 'gpt', value: '<answer>yes</answer>' },
    ],
    images: ['picture.png'],
  }
  await writeFile(join(project, 'talks.json'), JSON.stringify([talk]))
  const row = { id: 'teal', question: 'Is it teal?', answer: 'yes', transform: [] }
  await writeFile(
    join(project, 'rows.jsonl'),
    `${JSON.stringify({ ...row, image: { bytes: picture.toString('base64') } })}\n`,
  )
  await writeFile(join(project, 'prompt.txt'), 'Look.')
  const model = 'model: { kind: tfjs, path: tiny, backend: cpu }'
  await writeFile(
    join(project, 'sft.yaml'),
    `${model}\ndata: talks.json\ntools: false\ntraining: { batch: 1, steps: 2 }\n`,
  )
  await writeFile(
    join(project, 'grpo.yaml'),
    `${model}
data: rows.jsonl
agent: { turns: 1, tokensPerTurn: 8, maxPixels: 1024, systemPrompt: prompt.txt }
training: { batch: 1, groupSize: 2, steps: 2 }
`,
  )
}, 60_000)
afterAll(() => rm(project, { recursive: true, force: true }))

/** The program of docs/training.md. */
async function documented(): Promise<string> {
  const docs = await readFile(join(root, 'docs/training.md'), 'utf8')
  const [, block = ''] = /## In a program\n\n((?: {4}.*\n|\n)+)/.exec(docs) ?? []
  return block.replace(/^ {4}/gm, '')
}

const reason = await resolveRuntime('auto').then(
  () => null,
  (error: Error) => error.message,
)
const testHere = reason === null ? test : test.skip

testHere(
  `the program of docs/training.md trains by SFT and then by GRPO${reason === null ? '' : ` (not run: ${reason})`}`,
  async () => {
    await writeFile(join(project, 'train.mjs'), await documented())
    const { stdout, stderr } = await execa('node', ['train.mjs'], { cwd: project, stdin: 'ignore' })
    expect(stdout.match(/^[12] \{/gm)).toEqual(['1 {', '2 {', '1 {', '2 {'])
    expect(stdout).toContain("'reward/total':")
    expect(stdout.trim().split('\n').at(-1)).toBe(
      `complete ${join(project, 'runs/grpo/checkpoints/step-000002/policy')}`,
    )
    expect(stderr).not.toContain('Error')
    const state = await readFile(join(project, 'runs/grpo/manifest.json'), 'utf8')
    expect(JSON.parse(state)).toMatchObject({
      config: { model: { path: join(project, 'runs/sft/checkpoints/step-000002/policy') } },
    })
  },
  240_000,
)
