import { z } from 'zod'
import { UsageError } from '../core/errors.js'
import type { PythonPackages } from './python-packages.js'
import { runCommand } from './run-command.js'

const PROGRAM = `
import importlib.metadata, importlib.util, json, os, sys
def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
torch = importlib.util.find_spec('torch')
print(json.dumps({
    'executable': sys.executable,
    'basePrefix': sys.base_prefix,
    'version': '%d.%d.%d' % sys.version_info[:3],
    'site': None if torch is None or torch.origin is None else os.path.dirname(os.path.dirname(torch.origin)),
    'versions': {name: version(name) for name in ('torch', 'transformers', 'peft', 'safetensors', 'numpy')},
}))
`

const Answer = z.object({
  executable: z.string(),
  basePrefix: z.string(),
  version: z.string(),
  site: z.string().nullable(),
  versions: z.record(z.string(), z.string().nullable()),
})

/** The series of transformers whose models the engine drives; others name their parts otherwise. */
const TRANSFORMERS = '5.'
/** Younger than this it is started in another way. */
const LEAST_MINOR = 10
const DEADLINE_MS = 60_000

/**
 * An interpreter that has PyTorch of its own, as machines with GPUs often do; nothing is imported, only asked for.
 * @throws UsageError where it does not run, is older than Python 3.10, or lacks a package that the engine needs.
 */
export async function ownTorchPython({ name }: { name: string }): Promise<PythonPackages> {
  // As the engine is started: packages of a user's home folder are not seen.
  const result = await runCommand({ file: name, args: ['-I', '-c', PROGRAM], timeoutMs: DEADLINE_MS })
  const refuse = (got: string): never => {
    throw new UsageError(
      `CODEVISION_TORCH_PYTHON=${name}: expected a Python from 3.${LEAST_MINOR} on with torch, transformers ${TRANSFORMERS}x, peft, safetensors and numpy, got ${got}. Correct it, or remove it and run: codevision setup python --torch`,
    )
  }
  if (result.isMissing) return refuse('no such program')
  // What failed is told without the program that was to be run.
  if (!result.isOk) return refuse(`one that does not run: ${result.problem.split('\n').at(-1)}`)
  const answer = readAnswer(result.stdout)
  if (answer === null) return refuse('a program that does not answer as a Python does')
  const { executable, site, versions, ...python } = answer
  const [major, minor] = python.version.split('.').map(Number)
  if (major !== 3 || (minor ?? 0) < LEAST_MINOR) return refuse(`Python ${python.version}`)
  const missing = Object.keys(versions).filter((key) => versions[key] === null)
  if (missing.length > 0) return refuse(`one without ${missing.join(', ')}`)
  if (site === null) return refuse('one with the description of torch, and without torch itself')
  const found = versions as Record<string, string>
  if (found['transformers']?.startsWith(TRANSFORMERS) !== true)
    return refuse(`transformers ${found['transformers']}`)
  return { ...python, python: executable, site, versions: found }
}

/** Its last line, since a program around it may greet; null where that is no answer. */
function readAnswer(stdout: string): z.infer<typeof Answer> | null {
  try {
    return Answer.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  } catch {
    return null
  }
}
