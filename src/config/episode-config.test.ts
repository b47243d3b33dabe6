import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadEpisodeConfig } from './episode-config.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-episode-'))
afterAll(() => rm(folder, { recursive: true }))

async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

test('options alone have the rules of a training', async () => {
  const config = await loadEpisodeConfig({ path: null, overrides: { data: 'rows.parquet', limit: '1-20' } })
  expect(config).toMatchObject({
    ...{
      data: 'rows.parquet',
      limit: '1-20',
      judge: 'none',
      sandbox: { runtime: 'auto', profile: 'standard' },
    },
    agent: { turns: 12, feedback: 'standard' },
    reward: { variant: 'paper' },
  })
})

test('a configuration of a training is one, its paths relative to it; its other blocks are not looked at', async () => {
  const path = await written(
    'grpo.yaml',
    'model: { kind: tfjs, path: somewhere }\ndata: rows.jsonl\nagent: { systemPrompt: prompt.txt, turns: 3 }\nsandbox: { profile: release, runtime: { socket: sandbox.sock } }\ntraining: { batch: 2 }\n',
  )
  const config = await loadEpisodeConfig({ path, overrides: {} })
  expect(config).toMatchObject({
    data: join(folder, 'rows.jsonl'),
    agent: { systemPrompt: join(folder, 'prompt.txt'), turns: 3, feedback: 'release' },
    sandbox: { runtime: { socket: join(folder, 'sandbox.sock') } },
  })
  expect(config).not.toHaveProperty('model')
  expect((await loadEpisodeConfig({ path, overrides: { data: 'mine.parquet' } })).data).toBe('mine.parquet')
})

test('a wrong value is told with its line, and a configuration without tasks with what is missing', async () => {
  const path = await written('wrong.yaml', 'data: rows.jsonl\nreward:\n  variant: papr\n')
  await expect(loadEpisodeConfig({ path, overrides: {} })).rejects.toThrow(/wrong.yaml line 3: .*paper/)
  await expect(loadEpisodeConfig({ path: null, overrides: {} })).rejects.toThrow('--data FILE.parquet')
  const good = await written('good.yaml', 'data: rows.jsonl\n')
  await expect(loadEpisodeConfig({ path: good, overrides: { data: '' } })).rejects.toThrow(
    /^command line: `data`/,
  )
})
