// Proves that what npm would publish works where only it is installed: types, command and sandbox, in an empty project.
// npm run test:package [-- --results FILE]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { results: { type: 'string' } } })
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const TSCONFIG = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'NodeNext', moduleResolution: 'NodeNext', strict: true, types: ['node'] },
    ...{ exactOptionalPropertyTypes: true, skipLibCheck: false, outDir: 'out' },
  },
  files: ['turn.ts', 'train.ts'],
}

const PROGRAM = `
import { readFileSync } from 'node:fs'
import { createSandbox } from 'codevision'

const sandbox = await createSandbox({ runtime: 'auto', profile: 'standard' })
const session = await sandbox.open([readFileSync(new URL('../picture.png', import.meta.url))])
const result = await session.execute({ code: 'result = image.rotate(90, expand=True)', imageIndex: 0 })
await session.close()
await sandbox.close()
if (result.status !== 'ok') throw new Error(result.kind + ': ' + result.message)
const size: [width: number, height: number] = [result.image.width, result.image.height]
console.log(size.join('x'))
`

/** Compiled only: the names and types that a training takes. */
const TRAINING = `
import { loadGrpoConfig, loadSftConfig, loadTrainablePolicy, openGrpo, openSft, trainGrpo, trainSft } from 'codevision'
import type { TrainablePolicy, TrainingModel, TrainingResult } from 'codevision'

export async function teach(path: string): Promise<TrainingResult> {
  const { parameters, close } = await openSft({ config: await loadSftConfig({ path }), onPlanned: console.log })
  return trainSft({ ...parameters, onEvent: ({ type }) => console.log(type) }).finally(close)
}

export async function reward(path: string): Promise<TrainingResult> {
  const { parameters, close } = await openGrpo({ config: await loadGrpoConfig({ path }), mode: 'resume' })
  return trainGrpo({ ...parameters, stopAfter: 2 }).finally(close)
}

export function policyOf(model: TrainingModel): Promise<TrainablePolicy> {
  return loadTrainablePolicy(model, { seed: 0 })
}
`

/** The type must be there, and not \`any\`: this must not compile. */
const MISTAKE = `
import { createSandbox } from 'codevision'
await createSandbox({ runtime: 'no such runtime' })
`

/** 3 × 2 pixels. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAHElEQVR4nGNgYNAIYNBYwKDBwFChEVChsaBCAwAgbAQ5U5hoxQAAAABJRU5ErkJggg=='

const project = mkdtempSync(join(tmpdir(), 'codevision-package-'))
const counts = { passed: 0, failed: 0 }
try {
  await execa('npm', ['pack', '--silent', '--pack-destination', project], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  )
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  writeFileSync(join(project, 'mistake.json'), JSON.stringify({ ...TSCONFIG, files: ['mistake.ts'] }))
  writeFileSync(join(project, 'turn.ts'), PROGRAM)
  writeFileSync(join(project, 'train.ts'), TRAINING)
  writeFileSync(join(project, 'mistake.ts'), MISTAKE)
  writeFileSync(join(project, 'picture.png'), Buffer.from(PICTURE, 'base64'))

  await check('the package installs into an empty project', () =>
    run('npm', 'install', '--silent', '--no-audit', '--no-fund', `./${name}-${version}.tgz`),
  )
  await check('the compiler of this checkout installs beside it', () => {
    const wanted = ['typescript', '@types/node'].map((tool) => `${tool}@${devDependencies[tool]}`)
    return run('npm', 'install', '--silent', '--no-audit', '--no-fund', '--save-dev', ...wanted)
  })
  await check('its types are found and fit', () => run('npx', '--no-install', 'tsc', '-p', 'tsconfig.json'))
  await check('a wrong option is refused by its types', async () => {
    const result = await run('npx', '--no-install', 'tsc', '-p', 'mistake.json', '--noEmit').catch(
      (error) => error,
    )
    if (!/TS2322|TS2769|TS2345/.test(result.stdout)) throw new Error(`the compiler said: ${result.stdout}`)
  })
  await check('the command sets up what is missing', () =>
    run('npx', '--no-install', 'codevision', 'setup', '--if-missing'),
  )
  await check('the command doctor finds that a sandbox can run', async () => {
    const { stdout } = await run('npx', '--no-install', 'codevision', 'doctor', '--json')
    if (JSON.parse(stdout).runtimes.length === 0) throw new Error(stdout)
  })
  await check('createSandbox runs a call', async () => {
    const { stdout } = await run('node', 'out/turn.js')
    if (stdout !== '2x3') throw new Error(`expected the turned picture to be 2x3, got ${stdout}`)
  })
} finally {
  rmSync(project, { recursive: true, force: true })
}
console.log(`${counts.passed} passed, ${counts.failed} failed`)
if (values.results !== undefined) writeFileSync(values.results, JSON.stringify(counts))
if (counts.failed > 0) process.exitCode = 1

function run(file, ...args) {
  return execa(file, args, { cwd: project, stdin: 'ignore', timeout: 300_000 })
}

async function check(name, test) {
  try {
    await test()
    counts.passed += 1
    console.log(`ok      ${name}`)
  } catch (error) {
    counts.failed += 1
    console.log(
      `FAILED  ${name}\n${error.shortMessage ?? error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`,
    )
  }
}
