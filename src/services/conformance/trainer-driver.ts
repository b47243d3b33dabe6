import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { ConformanceError, UsageError } from '../../core/errors.js'
import { packageDirectory } from '../../setup/package-paths.js'
import type { ConformanceResult } from './conformance-rule.js'
import type { Hack } from './hacks.js'

/** Trainers whose own code is driven. */
export type Trainer = 'verl' | 'trl'

/** What the driver is told; the token is none of it. */
export interface DriverRequest {
  trainer: Trainer
  /** Of `codevision serve env`. */
  url: string
  /** Folder of a recipe, whose tool and overrides verl reads. */
  recipe: string | null
  wrong: string
  /** A right one of each task, in their order, for tricks that leak it; null: they are not known. */
  answers: readonly string[] | null
  hacks: readonly Hack[]
}

/** What docs/verl.md and docs/trl.md name. */
const INSTALL: Readonly<Record<Trainer, string>> = {
  verl: "pip install 'verl==0.9.1' cachetools fastapi uvicorn pillow",
  trl: "pip install 'trl==1.16.0' torchvision jmespath pillow",
}
const DRIVER = join(packageDirectory(), 'integrations/codevision_env/codevision_env/conformance/__main__.py')
/** Of what the driver said before it died. */
const LAST_LINES = 12

/** What the driver says first of all, so that a program that is no Python is told apart. */
const bannerSchema = z.strictObject({ python: z.string() })

const lineSchema = z.union([
  z.strictObject({ name: z.string().min(1), failure: z.string().min(1).nullable() }),
  z.strictObject({ unusable: z.string() }),
])

/**
 * Rules that are tried in a Python with the trainer, one after the other as it tells them.
 * @param parameters.python with the trainer installed
 * @param parameters.token sent with every request; the caller's CODEVISION_TOKEN is not looked at
 * @param parameters.driver a script that reads the request from stdin and prints a line of JSON of its Python, then one for each rule
 * @throws UsageError where there is no such Python, or it lacks the trainer; ConformanceError where the driver dies, or says something else, or nothing; the reason of the signal
 */
export async function* runTrainerDriver({
  python,
  request,
  token,
  driver = DRIVER,
  signal,
}: {
  python: string
  request: DriverRequest
  token?: string | undefined
  driver?: string
  signal?: AbortSignal | undefined
}): AsyncGenerator<ConformanceResult> {
  signal?.throwIfAborted()
  const { trainer } = request
  const running = execa(python, ['-B', driver], {
    input: JSON.stringify(request),
    reject: false,
    ...(signal !== undefined && { cancelSignal: signal }),
    env: {
      ...{ HF_HUB_OFFLINE: '1', CUDA_VISIBLE_DEVICES: '', TRL_EXPERIMENTAL_SILENCE: '1' },
      // None, rather than that of the caller, which the service is not asked with before either.
      CODEVISION_TOKEN: token,
    },
  })
  let isPython = false
  let count = 0
  try {
    for await (const line of running) {
      if (!isPython) {
        isPython = bannerSchema.safeParse(jsonIn(line)).success
        if (isPython) continue
        running.kill()
        break
      }
      const told = readLine({ line, trainer })
      if ('unusable' in told)
        throw new UsageError(
          `--python ${python}: expected a Python that imports ${trainer}, got ${told.unusable}. Install it there, or name another: ${INSTALL[trainer]}`,
        )
      count += 1
      yield told
    }
    const done = await running
    signal?.throwIfAborted()
    if (done.code === 'ENOENT' || done.code === 'EACCES')
      throw new UsageError(
        `--python ${python}: expected a Python with ${trainer}, got none that can be run (${done.code}). Name one: --python PYTHON, with ${INSTALL[trainer]}`,
      )
    if (!isPython)
      throw new UsageError(
        `--python ${python}: expected a Python with ${trainer}, got a program that does not run the rules: ${lastLines(done.stderr || done.stdout)}\nName one: --python PYTHON, with ${INSTALL[trainer]}`,
      )
    if (done.failed)
      throw new ConformanceError(
        `expected the rules of ${trainer} to be tried to their end, got ${done.exitCode === undefined ? (done.signal ?? done.code) : `exit code ${done.exitCode}`} after ${count}; the last that it said:\n${lastLines(done.stderr)}`,
      )
    if (count === 0)
      throw new ConformanceError(
        `expected a line for each rule of ${trainer}, got none; the last that it said:\n${lastLines(done.stderr)}`,
      )
  } finally {
    running.kill()
    await running
  }
}

function readLine({ line, trainer }: { line: string; trainer: Trainer }): z.infer<typeof lineSchema> {
  const read = lineSchema.safeParse(jsonIn(line))
  if (read.success) return read.data
  throw new ConformanceError(
    `expected a rule of ${trainer} as {"name", "failure"}, got ${line.slice(0, 200)}`,
  )
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-LAST_LINES).join('\n')
}
