import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { trlRecipe } from '../cluster/recipe/trl-recipe.js'
import { verlRecipe } from '../cluster/recipe/verl-recipe.js'
import { VERL_VERSIONS } from '../cluster/recipe/verl-settings.js'
import { commandLines } from './testing/command-lines.js'
import { bodyBytesOf, count } from './serve-options.js'
import { parseOnly } from './testing/parse-only.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

test('what is parsed and not run is refused where the program refuses it, and nothing is done', async () => {
  await parseOnly(['train', 'sft', 'nowhere.yaml', '--steps', '3'])
  await parseOnly(['data', 'synth', '--out', '/nowhere'])
  await expect(parseOnly(['train', 'sft', 'nowhere.yaml', '--stepps', '3'])).rejects.toThrow('stepps')
  await expect(parseOnly(['train', 'sgd', 'nowhere.yaml'])).rejects.toThrow('sgd')
  await expect(parseOnly(['data', 'curate', 'x.parquet'])).rejects.toThrow('out')
})

test('command lines are found with their words, without variables, comments and other programs', () => {
  const found = commandLines(
    'codevision not this\n    X=1 npx codevision eval a.yaml --name "b c" # why\n    ls && codevision view r > x\n```\ncodevision doctor\n```\n',
  )
  expect(found).toEqual([['eval', 'a.yaml', '--name', 'b c'], ['view', 'r'], ['doctor']])
})

test('every command line of docs/full-scale.md is accepted, and the configurations that it names are there', async () => {
  const lines = commandLines(await text('docs/full-scale.md'))
  expect(lines.length).toBeGreaterThan(20)
  for (const words of lines) {
    await parseOnly(words)
    for (const word of words.filter((one) => one.startsWith('configs/')))
      expect(await text(word)).toContain('\n')
  }
})

test.each([
  ['docs/mcp.md', 3],
  ['docs/verl.md', 5],
  ['docs/trl.md', 4],
  ['docs/ray.md', 6],
  ['docs/kubernetes-slurm.md', 2],
  ['docs/environment-service.md', 6],
])('every command line of %s is accepted', async (page, count) => {
  const lines = commandLines(await text(page))
  expect(lines.length).toBeGreaterThanOrEqual(count)
  for (const words of lines) await parseOnly(words)
})

test.each(['verl', 'trl'])('every command line that a recipe for %s tells is accepted', async (trainer) => {
  const place = {
    folder: '/out',
    model: 'm',
    data: '/d/codevision_rl.parquet',
    url: 'http://a:1',
    nodes: 1,
    gpus: 8,
  }
  const common = { variant: 'paper', place, packageFolder: root } as const
  const choices = { validation: null, opening: null }
  const { files } =
    trainer === 'verl' ? verlRecipe({ ...common, version: '0.9', choices }) : trlRecipe(common)
  const script = (files['train.sh'] ?? '').replaceAll(/^#   /gm, '    ')
  const lines = commandLines(script)
  expect(lines.map(([command]) => command)).toEqual(trainer === 'verl' ? ['data', 'serve'] : ['serve'])
  for (const words of lines) await parseOnly(words)
})

test('a version of verl is read as it is written, and not as a number', async () => {
  for (const version of VERL_VERSIONS) await parseOnly(['cluster', 'recipe', 'verl', '--verl', version])
  await expect(parseOnly(['cluster', 'recipe', 'verl', '--verl', '0.1'])).rejects.toThrow('0.1')
})

test('the command at the head of every training configuration is accepted, and names that file', async () => {
  const files = (await readdir(join(root, 'configs/train'))).filter((name) => /^(sft|grpo)-/.test(name))
  for (const name of files) {
    const [head = ''] = (await text(`configs/train/${name}`)).split('\n')
    const [words = []] = commandLines(`    ${head.replace(/^# /, '')}`)
    expect(words.slice(0, 3)).toEqual(['train', name.split('-')[0], `configs/train/${name}`])
    await parseOnly(words)
  }
})

test('the options that NeMo-Gym starts the service with are accepted, and let in what its agents send', async () => {
  const file = 'integrations/nemo_gym/resources_servers/codevision/configs/codevision.yaml'
  const { codevision } = parse(await text(file)) as {
    codevision: { resources_servers: { codevision: { options: (string | number)[] } } }
  }
  const { options } = codevision.resources_servers.codevision
  await parseOnly(['serve', 'env', '--data', 'rows.parquet', ...options.map(String)])
  const valueOf = (name: string): number => Number(options[options.indexOf(name) + 1])
  // The picture of the question and those of 12 turns, of 6 megapixels that no format makes shorter, as base64.
  const pictures = (13 * 6e6 * 3 * 4) / 3
  expect(bodyBytesOf(valueOf('--body-mb'))).toBeGreaterThan(pictures)
  // NeMo-RL lets each of its processes open as many.
  expect(count('connections', valueOf('--connections'))).toBeGreaterThan(16_384)
})
