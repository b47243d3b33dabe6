// Compiles the decoder of src/models/decode/assembly to WebAssembly, dist/models/decode/decoder.wasm; nothing is done where that is newer than its sources.
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const sources = at('../src/models/decode/assembly')
const out = at('../dist/models/decode/decoder.wasm')
const newest = Math.max(
  ...[fileURLToPath(import.meta.url), ...readdirSync(sources).map((name) => join(sources, name))].map(
    (path) => statSync(path).mtimeMs,
  ),
)
if ((statSync(out, { throwIfNoEntry: false })?.mtimeMs ?? 0) < newest) await compile()

async function compile() {
  const { default: assemblyScript } = await import('assemblyscript/asc')
  mkdirSync(dirname(out), { recursive: true })
  const { error, stderr } = await assemblyScript.main([
    join(sources, 'step.ts'),
    ...['--outFile', out, '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd'],
    ...['--importMemory', '--maximumMemory', '65536'],
  ])
  if (error) throw new Error(`the decoder does not compile:\n${stderr.toString()}`)
}
