import { ModelError } from '../../core/errors.js'

/** Of WebAssembly, in bytes. */
const PAGE = 2 ** 16
/** Addresses have 32 bits. */
export const MOST_BYTES = 2 ** 32
/** Each allocation begins at a line of the processor's cache. */
const LINE = 64
/** The memory grows by this part of itself at least, so that it seldom does. */
const GROWTH = 1 / 8

/** There is no memory left; whoever opened the model knows which settings there are to lower. */
export class DecoderMemoryError extends ModelError {}

/** The memory of a decoder: grows, never shrinks. */
export interface DecoderMemory {
  readonly memory: WebAssembly.Memory
  /** All of it; until the next allocation only. */
  readonly floats: Float32Array
  readonly integers: Int32Array
  /** Bytes that were allocated. */
  readonly used: number
  /** Address of new bytes, zeros. @throws DecoderMemoryError where there are no more. */
  allocate(bytes: number): number
}

export function createDecoderMemory(): DecoderMemory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_BYTES / PAGE })
  let floats = new Float32Array(memory.buffer)
  let integers = new Int32Array(memory.buffer)
  // Nothing has the address 0: it stands for what is not there.
  let end = LINE
  return {
    memory,
    get floats() {
      return floats
    },
    get integers() {
      return integers
    },
    get used() {
      return end
    },
    allocate(bytes) {
      const at = end
      const next = at + Math.ceil(bytes / LINE) * LINE
      const size = memory.buffer.byteLength
      if (next > size) {
        grow({ memory, bytes: next - size })
        floats = new Float32Array(memory.buffer)
        integers = new Int32Array(memory.buffer)
      }
      end = next
      return at
    },
  }
}

function grow({ memory, bytes }: { memory: WebAssembly.Memory; bytes: number }): void {
  const size = memory.buffer.byteLength
  const needed = Math.ceil(bytes / PAGE)
  const wanted = Math.min(Math.max(needed, Math.ceil((size * GROWTH) / PAGE)), (MOST_BYTES - size) / PAGE)
  try {
    memory.grow(Math.max(needed, wanted))
  } catch (cause) {
    throw new DecoderMemoryError(
      `The engine holds ${inMiB(size)} of weights, keys and values for writing tokens and got no further ${inMiB(needed * PAGE)} (at most ${inMiB(MOST_BYTES)}, and what this machine has).`,
      { cause },
    )
  }
}

function inMiB(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`
}
