import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'
import { toolsSchema } from '../../config/tool-schema.js'
import { loadGrpoSettings } from '../../config/training-config.js'
import type { GrpoConfig } from '../../config/training-schema.js'
import type { HostTools } from '../../core/host-tool.js'
import { TRANSFORMS } from '../../core/transform.js'
import { parseBoardConfig } from '../../data/card-board/board-config.js'
import { writeBoards } from '../../data/card-board/write-boards.js'
import { emergentTools } from './list/emergent-tools.js'
import { rewardAblation } from './list/reward-ablation.js'
import { configuredRows } from './rows/configured-rows.js'
import { runStudy, type RunStudyParameters } from './run-study.js'
import type { Study } from './study.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-run-study-'))
afterAll(() => rm(folder, { recursive: true }))

const checkpoint = join(folder, 'sft')
await mkdir(checkpoint)
await writeFile(join(checkpoint, 'config.json'), '{}')
const data = await writeBoards({
  config: parseBoardConfig({ seed: 'held', transforms: ['none'] }),
  folder: join(folder, 'held'),
  rows: 4,
})
const settings = await loadGrpoSettings({
  path: fileURLToPath(new URL('../../../configs/mini/study.yaml', import.meta.url)),
})
const base: GrpoConfig = {
  ...settings,
  data,
  transforms: [...TRANSFORMS],
  evaluation: { data, transforms: [...TRANSFORMS], every: 5 },
}
/** As the configuration names it, and as code calls it. */
const ocr = toolsSchema.parse([{ name: 'read_words', kind: 'builtin', builtin: 'ocr' }])
const readWords: HostTools = {
  read_words: { parameters: { image: 'image' }, result: 'boxes', call: () => Promise.resolve([]) },
}

type Begun = Parameters<RunStudyParameters['engine']['evaluate']>[0]

/** What a study begins with: the engine is told to make something, and makes nothing. */
async function begun(study: Study, changes: Partial<GrpoConfig> = {}): Promise<Begun[]> {
  const list: Begun[] = []
  const changed = { ...base, ...changes }
  await runStudy({
    ...{ study, base: changed, direct: changed.agent, tools: readWords, seeds: 1 },
    checkpoints: { base: checkpoint, early: checkpoint, sft: checkpoint, rl: checkpoint },
    rows: configuredRows({ config: changed }),
    folder,
    engine: {
      train: () => Promise.resolve('incomplete'),
      evaluate(evaluation) {
        list.push(evaluation)
        return Promise.resolve('incomplete')
      },
    },
    signal: new AbortController().signal,
  })
  return list
}

test('a checkpoint is evaluated anew where answers are scored, judged, run or computed otherwise', async () => {
  const { sandbox, model } = base
  const torch = { kind: 'torch', path: '', device: 'cpu' } as const
  const changes: Partial<GrpoConfig>[] = [
    {},
    { scoring: 'codevision' },
    { scoring: undefined },
    { judge: { model: 'judge', reading: 'exact' } },
    { judge: { model: 'other judge', reading: 'exact' } },
    { sandbox: { ...sandbox, profile: 'release' } },
    { sandbox: { ...sandbox, tools: ocr } },
    { model: { ...torch, dtype: 'float32' } as GrpoConfig['model'] },
    { model: { ...torch, dtype: 'bfloat16' } as GrpoConfig['model'] },
  ]
  const paths: (string | undefined)[] = []
  for (const change of changes) paths.push((await begun(rewardAblation(), change))[0]?.path)
  expect(new Set(paths).size).toBe(changes.length)
  const slower = { ...model, backend: 'wasm' } as GrpoConfig['model']
  expect((await begun(rewardAblation(), { model: slower }))[0]?.path).toBe(paths[0])
})

test('a model is told of the functions that the configuration lets code call', async () => {
  const [evaluation] = await begun(rewardAblation(), {
    agent: { ...base.agent, describeTools: true },
    sandbox: { ...base.sandbox, tools: ocr },
  })
  expect(evaluation?.config).toMatchObject({
    agent: { describeTools: true },
    sandbox: { tools: [{ name: 'read_words' }] },
  })
})

test('rows that an arm cannot have are refused before the first arm is made', async () => {
  const study = emergentTools({ heldOut: ['rotate_90'] })
  await expect(begun(study, { transforms: undefined })).rejects.toThrow('transforms: expected upright rows')
  const evaluation = { data, transforms: ['none' as const], every: 5 }
  await expect(begun(study, { evaluation })).rejects.toThrow(
    'evaluation.transforms: expected some of rotate_90, which this study asks for, got none',
  )
  expect(await begun(study)).toHaveLength(1)
})
