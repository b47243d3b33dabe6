import { createRequire } from 'node:module'
import { TFJS_CORE_KEY, type TfjsNode } from '../models/backend/find-tfjs-node.js'
import { runCommand } from './run-command.js'

/** As the engine loads it: this package's TensorFlow.js, the addon, the kernels; then one product. */
const PROGRAM = `
process.on('uncaughtException', (error) => {
  console.error(error.message)
  process.exit(1)
})
const { createRequire } = require('node:module')
const { join } = require('node:path')
const [core, directory, addon] = process.argv.slice(1)
const util = require('node:util')
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
const tf = require(core)
globalThis[Symbol.for('${TFJS_CORE_KEY}')] = tf
const library = require(addon)
const load = createRequire(join(directory, 'package.json'))
load('./dist/register_all_kernels.js')
const { NodeJSKernelBackend } = load('./dist/nodejs_kernel_backend.js')
tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(library, '@tensorflow/tfjs-node'))
tf.setBackend('tensorflow')
const [product] = tf.matMul(tf.tensor2d([[2, 3]]), tf.tensor2d([[5], [7]])).dataSync()
if (product !== 31) throw new Error('expected 31 as the product of [2, 3] and [5, 7], got ' + product)
`

/** Load the native backend in a fresh process. @returns why it does not load; null where it does. */
export async function whyTfjsNodeFails({
  tfjsNode: { directory, addon },
  signal,
}: {
  tfjsNode: Pick<TfjsNode, 'directory' | 'addon'>
  signal?: AbortSignal | undefined
}): Promise<string | null> {
  const core = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core')
  const result = await runCommand({
    file: process.execPath,
    args: ['--eval', PROGRAM, core, directory, addon],
    timeoutMs: 120_000,
    signal,
  })
  // Of a process that was killed, as one without AVX is, all is told with its command line, the program included.
  return result.isOk ? null : (result.problem.split(`: ${process.execPath} --eval `)[0] ?? '')
}
