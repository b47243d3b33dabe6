import { join } from 'node:path'
import { SandboxError } from '../core/errors.js'
import type { tfjsNodeLayout } from '../models/backend/find-tfjs-node.js'
import { installCommand, thisFamily } from './distribution.js'
import { runCommand } from './run-command.js'

const COMPILERS = ['g++', 'clang++'] as const
/** Of Node-API; every Node that this package runs on has it. */
const NODE_API = 8

/** A compiler for C++ on the search path. @throws SandboxError with the command that installs one. */
export async function findCompiler({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<string> {
  for (const file of COMPILERS)
    if ((await runCommand({ file, args: ['--version'], timeoutMs: 20_000, signal })).isOk) return file
  const command = installCommand({ family: await thisFamily(), program: 'compiler' })
  throw new SandboxError(
    `The native backend is compiled here, which needs ${COMPILERS.join(' or ')}; neither is on the search path. ` +
      (command === null ? 'Install one, then run the command again.' : `Install it with: ${command}`),
  )
}

/**
 * Compile the addon of @tensorflow/tfjs-node against the TensorFlow library that stands beside it.
 * @throws SandboxError with the compiler's own words.
 */
export async function compileAddon({
  compiler,
  layout: { modules, libraries, directory, addon },
  signal,
  onProgress,
}: {
  compiler: string
  layout: ReturnType<typeof tfjsNodeLayout>
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<void> {
  onProgress?.('compiling the addon')
  const includes = [join(libraries, 'include'), join(modules, 'node-api-headers', 'include')]
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(directory, 'binding', name))
  const compiled = await runCommand({
    file: compiler,
    args: [
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-w', `-DNAPI_VERSION=${NODE_API}`],
      ...includes.flatMap((folder) => ['-I', folder]),
      ...sources,
      ...['-o', addon, '-L', libraries],
      ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN'],
    ],
    signal,
  })
  if (!compiled.isOk)
    throw new SandboxError(
      `${compiler} could not compile the addon of @tensorflow/tfjs-node:\n${compiled.problem}`,
    )
}
