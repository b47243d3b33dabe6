import { readFileSync } from 'node:fs'
import { UsageError } from '../../core/errors.js'

/** Compiled by `npm run build` from `assembly/`; the same place seen from src/ and from dist/. */
const BUILT = new URL('../../../dist/models/decode/decoder.wasm', import.meta.url)

/** What the module gives; addresses are bytes in its memory. */
export interface DecoderExports {
  step(model: number, workspace: number): void
}

let compiled: WebAssembly.Module | null = null

/** The decoder's code over a memory. @throws UsageError when it was not built. */
export function openDecoderModule(memory: WebAssembly.Memory): DecoderExports {
  compiled ??= new WebAssembly.Module(new Uint8Array(built()))
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as DecoderExports
}

function built(): Buffer {
  try {
    return readFileSync(BUILT)
  } catch (cause) {
    throw new UsageError(
      `expected the decoder's code in ${BUILT.pathname}, got none; build it with: npm run build`,
      {
        cause,
      },
    )
  }
}
