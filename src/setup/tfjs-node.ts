import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SandboxError, UsageError } from '../core/errors.js'
import {
  findTfjsNode,
  TFJS_NODE_MARKER,
  TFJS_VERSION,
  tfjsNodeBuilds,
  tfjsNodeLayout,
  type TfjsNode,
  type TfjsNodeMarker,
  type TfjsNodeVariant,
} from '../models/backend/find-tfjs-node.js'
import { findPython } from './find-python.js'
import { whyTfjsNodeFails } from './tfjs-check.js'
import { compileAddon, findCompiler } from './tfjs-compile.js'
import { fetchTensorflowLibrary } from './tfjs-library.js'
import { fetchNpmParts } from './tfjs-npm-parts.js'
import { NPM_PARTS, TENSORFLOW_VERSION, wheelPart, type WheelPart } from './tfjs-parts.js'

export interface TfjsNodeParameters {
  variant: TfjsNodeVariant
  signal?: AbortSignal | undefined
  /** What is being done, a line at a time. */
  onProgress?: ((message: string) => void) | undefined
}

/**
 * The native backend of TensorFlow.js, built in the cache where it is missing or does not load: its addon is compiled against the TensorFlow library of a Python wheel. (The addon that its authors
 * publish is linked against TensorFlow 2.9 and CUDA 11.) About half a minute and 0.9 GB, with CUDA some more gigabytes. It counts as finished once it has computed in a fresh process.
 * @throws UsageError where there is no wheel for this machine. @throws SandboxError where a compiler, npm, Python or a download is missing, with the command to type. @throws AbortError.
 */
export async function ensureTfjsNode(parameters: TfjsNodeParameters): Promise<TfjsNode> {
  const { variant, signal, onProgress } = parameters
  const wheel = requireWheel(variant)
  const folder = join(tfjsNodeBuilds(), buildName({ wheel, variant }))
  const { addon } = tfjsNodeLayout(folder)
  const earlier = builtAt(addon)
  if (earlier !== null) {
    const problem = await whyTfjsNodeFails({ tfjsNode: earlier, signal })
    if (problem === null) return earlier
    onProgress?.(`the earlier build does not load and is made anew:\n${problem}`)
  }
  await build({ ...parameters, wheel, folder })
  const built = builtAt(addon)
  if (built === null) throw new SandboxError(`The build is gone from ${folder}; was the cache being emptied?`)
  return built
}

async function build({
  variant,
  wheel,
  folder,
  signal,
  onProgress,
}: TfjsNodeParameters & { wheel: WheelPart; folder: string }): Promise<void> {
  // What can be missing is asked for before anything is fetched.
  const compiler = await findCompiler({ signal })
  const interpreter = await findPython({ signal })
  const unfinished = join(tfjsNodeBuilds(), `.unfinished-${randomUUID()}`)
  const downloads = join(unfinished, 'downloads')
  const layout = tfjsNodeLayout(unfinished)
  await mkdir(downloads, { recursive: true })
  try {
    await fetchNpmParts({ modules: layout.modules, downloads, signal, onProgress })
    const site = join(unfinished, 'site')
    await fetchTensorflowLibrary({ interpreter, wheel, variant, site, downloads, signal, onProgress })
    await compileAddon({ compiler, layout, signal, onProgress })
    for (const needless of [downloads, join(layout.libraries, 'include')])
      await rm(needless, { recursive: true })
    onProgress?.('loading it in a process of its own')
    const problem = await whyTfjsNodeFails({ tfjsNode: layout, signal })
    if (problem !== null)
      throw new SandboxError(`The native backend was built but does not load:\n${problem}`)
    const marker: TfjsNodeMarker = {
      schema: 1,
      tfjs: TFJS_VERSION,
      arch: process.arch,
      variant,
      tensorflow: TENSORFLOW_VERSION,
    }
    await writeFile(join(unfinished, TFJS_NODE_MARKER), `${JSON.stringify(marker, null, 2)}\n`)
    await moveIntoPlace({ from: unfinished, to: folder })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/** What is there is out of date: out of the way in one step. A process that has loaded it keeps its files. */
async function moveIntoPlace({ from, to }: { from: string; to: string }): Promise<void> {
  const old = join(tfjsNodeBuilds(), `.unfinished-${randomUUID()}`)
  await rename(to, old).catch((error: unknown) => {
    if (!isMissing(error)) throw error
  })
  await rename(from, to)
  await rm(old, { recursive: true, force: true })
}

function requireWheel(variant: TfjsNodeVariant): WheelPart {
  const wheel = process.platform === 'linux' ? wheelPart({ variant, architecture: process.arch }) : null
  if (wheel !== null) return wheel
  throw new UsageError(
    `The native backend${variant === 'cuda' ? ' with CUDA' : ''} cannot be built on ${process.platform} ${process.arch}: expected Linux on ` +
      `${variant === 'cuda' ? 'x64' : 'x64 or arm64'}. The engine computes in WebAssembly here.`,
  )
}

/** A name for exactly these parts. */
function buildName({ wheel, variant }: { wheel: WheelPart; variant: TfjsNodeVariant }): string {
  const parts = JSON.stringify([NPM_PARTS, wheel, variant, process.arch])
  return createHash('sha256').update(parts).digest('hex').slice(0, 16)
}

function builtAt(addon: string): TfjsNode | null {
  return findTfjsNode().find((one) => one.addon === addon) ?? null
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
}
