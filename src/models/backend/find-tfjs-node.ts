import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { cacheDirectory } from '../../config/cache-directory.js'

/** Version of TensorFlow.js, of which every part must be the same. */
export const TFJS_VERSION = '4.22.0'

/** `cpu`, or `cuda`: with kernels for NVIDIA GPUs, which computes on the CPU where there is none. */
export type TfjsNodeVariant = 'cpu' | 'cuda'

/** The native backend of TensorFlow.js: JavaScript, and an addon that is linked against the TensorFlow library. */
export interface TfjsNode {
  readonly variant: TfjsNodeVariant
  /** Folder of the package @tensorflow/tfjs-node, or of @tensorflow/tfjs-node-gpu. */
  readonly directory: string
  /** Path of the addon. */
  readonly addon: string
  /** Where it comes from, for a reader. */
  readonly origin: string
}

const marker = z.object({
  schema: z.literal(1),
  tfjs: z.literal(TFJS_VERSION),
  arch: z.literal(process.arch),
  variant: z.enum(['cpu', 'cuda']),
  /** Version of the TensorFlow library. */
  tensorflow: z.string(),
})

/** What stands in the folder of a finished build; written last. */
export type TfjsNodeMarker = z.output<typeof marker>

export const TFJS_NODE_MARKER = 'tfjs-node.json'

/** By this key the packages in a build of `codevision setup tfjs` that stand for TensorFlow.js find the one that is loaded here, so that there is only one. */
export const TFJS_CORE_KEY = 'codevision.tfjs-core'

/** Folder in which `codevision setup tfjs` keeps its builds, one folder each. */
export function tfjsNodeBuilds(): string {
  return join(cacheDirectory(), 'tfjs')
}

/** Where the parts of a build stand in its folder. */
export function tfjsNodeLayout(
  folder: string,
): { modules: string; libraries: string } & Pick<TfjsNode, 'directory' | 'addon'> {
  const modules = join(folder, 'node_modules')
  const libraries = join(folder, 'site', 'tensorflow')
  return {
    modules,
    libraries,
    directory: join(modules, '@tensorflow', 'tfjs-node'),
    addon: join(libraries, 'tfjs_binding.node'),
  }
}

/**
 * Native backends that are installed, the most capable first: those that `codevision setup tfjs` built, then the packages of npm beside this one. Whether they load is not tried.
 */
export function findTfjsNode(): TfjsNode[] {
  const built = folders(tfjsNodeBuilds()).flatMap((folder) => readBuild(folder) ?? [])
  const packaged = (['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const).flatMap(
    (name) => readPackage(name) ?? [],
  )
  const order = (found: TfjsNode[], variant: TfjsNodeVariant): TfjsNode[] =>
    found.filter((one) => one.variant === variant)
  return [
    ...order(built, 'cuda'),
    ...order(packaged, 'cuda'),
    ...order(built, 'cpu'),
    ...order(packaged, 'cpu'),
  ]
}

function readBuild(folder: string): TfjsNode | null {
  const text = contentOf(join(folder, TFJS_NODE_MARKER))
  if (text === null) return null
  const parsed = marker.safeParse(parseJson(text))
  // Of another version of this package, or of another machine.
  if (!parsed.success) return null
  const { variant, tensorflow } = parsed.data
  const { directory, addon } = tfjsNodeLayout(folder)
  return {
    variant,
    directory,
    addon,
    origin: `TensorFlow ${tensorflow}${variant === 'cuda' ? ' with CUDA' : ''}`,
  }
}

/** A package of npm whose own install script fetched its addon. */
function readPackage(name: '@tensorflow/tfjs-node-gpu' | '@tensorflow/tfjs-node'): TfjsNode | null {
  let manifest: string
  try {
    manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
  } catch {
    return null
  }
  const directory = dirname(manifest)
  const version = z
    .object({ version: z.literal(TFJS_VERSION) })
    .safeParse(parseJson(contentOf(manifest) ?? ''))
  if (!version.success) return null
  const [lib] = folders(join(directory, 'lib'))
    .filter((folder) => contentOf(join(folder, 'tfjs_binding.node')) !== null)
    .sort()
    .reverse()
  if (lib === undefined) return null
  const variant = name.endsWith('-gpu') ? 'cuda' : 'cpu'
  return { variant, directory, addon: join(lib, 'tfjs_binding.node'), origin: `the package ${name}` }
}

function folders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => join(folder, entry.name))
  } catch {
    return []
  }
}

function contentOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
