import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { chosenPython } from '../config/chosen-python.js'
import { SandboxError, UsageError } from '../core/errors.js'
import { installCommand, thisFamily } from './distribution.js'
import { runCommand } from './run-command.js'

/** The only minor version whose answers the sandbox promises. */
export const PYTHON_SERIES = '3.11'

export interface Interpreter {
  /** The program itself: no shim, no link, no virtual environment. */
  path: string
  /** Such as `3.11.7`. */
  version: string
  /** Folder that holds `bin` and `lib`. */
  basePrefix: string
  /** Words that follow the interpreter on the command line to run pip; null where it has none. */
  pip: readonly string[] | null
}

/** An interpreter that was tried: what it is, or why it cannot be used. */
export type Probe =
  | { status: 'ok'; name: string; interpreter: Interpreter }
  | { status: 'absent'; name: string; reason: string }
  | { status: 'refused'; name: string; reason: string }

const PROBE_PROGRAM = `
import glob, json, os, sys
import importlib.util
wheels = glob.glob('/usr/share/python-wheels/pip-*.whl')
try:
    import ensurepip
    wheels = glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), '_bundled', 'pip-*.whl')) + wheels
except ImportError:
    pass
print(json.dumps({
    'implementation': sys.implementation.name,
    'version': '%d.%d.%d' % sys.version_info[:3],
    'path': os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable),
    'executable': os.path.realpath(sys.executable),
    'basePrefix': sys.base_prefix,
    'hasPip': importlib.util.find_spec('pip') is not None,
    'wheel': wheels[0] if wheels else None,
}))
`

const ProbeAnswer = z.object({
  implementation: z.string(),
  version: z.string(),
  path: z.string(),
  executable: z.string(),
  basePrefix: z.string(),
  hasPip: z.boolean(),
  wheel: z.string().nullable(),
})

/**
 * Find a Python 3.11: the one named in PYTHON, else the first on the search path, else one in a place where such interpreters are kept.
 * One that has pip is preferred.
 * @throws UsageError when PYTHON names another version. @throws SandboxError when there is none, naming what was found.
 */
export async function findPython({
  signal,
  places,
}: {
  signal?: AbortSignal | undefined
  /** Interpreters that are tried after the search path; default: those of the system and of version managers. */
  places?: readonly string[]
} = {}): Promise<Interpreter> {
  const chosen = chosenPython()
  if (chosen !== undefined) {
    const probe = await probePython({ name: chosen, signal })
    if (probe.status === 'ok') return probe.interpreter
    throw new UsageError(
      `The environment variable PYTHON must name a Python ${PYTHON_SERIES}: ${probe.name} ${probe.reason}. ` +
        'Correct it, or remove it and let one be found.',
    )
  }
  const probes: Probe[] = []
  const names = [`python${PYTHON_SERIES}`, 'python3', 'python', ...(places ?? (await usualPlaces()))]
  for (const name of names) {
    const probe = await probePython({ name, signal })
    if (probe.status === 'ok' && probe.interpreter.pip !== null) return probe.interpreter
    probes.push(probe)
  }
  const withoutPip = probes.find((probe) => probe.status === 'ok')
  if (withoutPip?.status === 'ok') return withoutPip.interpreter
  throw new SandboxError(await describeMissing(probes))
}

/** Ask an interpreter what it is. */
export async function probePython({
  name,
  signal,
}: {
  name: string
  signal?: AbortSignal | undefined
}): Promise<Probe> {
  // The working directory is on the path of -c: a json.py there must not be imported.
  const result = await runCommand({
    file: name,
    args: ['-c', PROBE_PROGRAM],
    cwd: '/',
    timeoutMs: 20_000,
    signal,
  })
  if (result.isMissing) return { status: 'absent', name, reason: 'does not exist' }
  if (!result.isOk) return { status: 'refused', name, reason: `does not run (${firstLine(result.problem)})` }
  const answer = readAnswer(result.stdout)
  if (answer === null) return { status: 'refused', name, reason: 'does not answer like a Python' }
  if (answer.implementation !== 'cpython')
    return { status: 'refused', name, reason: `is ${answer.implementation}, not CPython` }
  if (!answer.version.startsWith(`${PYTHON_SERIES}.`))
    return { status: 'refused', name, reason: `is Python ${answer.version}` }
  if (answer.path !== answer.executable) return probePython({ name: answer.path, signal })
  const { path, version, basePrefix, hasPip, wheel } = answer
  const pip = hasPip ? ['-m', 'pip'] : wheel === null ? null : [join(wheel, 'pip')]
  return { status: 'ok', name, interpreter: { path, version, basePrefix, pip } }
}

async function usualPlaces(): Promise<string[]> {
  return [
    ...(await keptBy({ folder: join(homedir(), '.pyenv', 'versions'), prefix: '' })),
    ...(await keptBy({ folder: join(homedir(), '.local', 'share', 'uv', 'python'), prefix: 'cpython-' })),
    ...['/usr/bin', '/usr/local/bin'].map((folder) => join(folder, `python${PYTHON_SERIES}`)),
  ]
}

/** The interpreters that a version manager keeps, one folder a version; newest first. */
async function keptBy({ folder, prefix }: { folder: string; prefix: string }): Promise<string[]> {
  return (await readdir(folder).catch(() => []))
    .filter((version) => version.startsWith(`${prefix}${PYTHON_SERIES}.`))
    .sort((left, right) => right.localeCompare(left, 'en', { numeric: true }))
    .map((version) => join(folder, version, 'bin', `python${PYTHON_SERIES}`))
}

async function describeMissing(probes: readonly Probe[]): Promise<string> {
  const found = probes.flatMap((probe) =>
    probe.status === 'refused' ? [`${probe.name} ${probe.reason}`] : [],
  )
  const command = installCommand({ family: await thisFamily(), program: 'python' })
  const ways = [
    ...(command === null ? [] : [command]),
    `pyenv install ${PYTHON_SERIES}`,
    `uv python install ${PYTHON_SERIES}`,
  ]
  return (
    `The sandbox needs CPython ${PYTHON_SERIES}; found ${found.length === 0 ? 'no Python at all' : found.join('; ')}. ` +
    `Install it with one of: ${ways.join(' | ')}; or set PYTHON to the path of one.`
  )
}

function readAnswer(text: string): z.infer<typeof ProbeAnswer> | null {
  try {
    return ProbeAnswer.parse(JSON.parse(text.trim().split('\n').at(-1) ?? ''))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
