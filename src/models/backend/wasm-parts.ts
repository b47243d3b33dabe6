import type { TensorInfo } from '@tensorflow/tfjs-core'

/** What the kernels here use of the WebAssembly backend; its own types do not tell all of it. */
export interface WasmBackend {
  readonly wasm: {
    cwrap(
      name: string,
      result: null,
      parameters: readonly ('number' | 'array')[],
    ): (...given: unknown[]) => void
    /** Address 0: there is no room. */
    _malloc(bytes: number): number
    _free(address: number): void
    /** Its heap. */
    readonly HEAPU8: Uint8Array
    readonly tfjs: {
      registerTensor(id: number, elements: number, memoryOffset: number): void
      disposeData(id: number): void
    }
  }
  /** The next free id of a tensor. */
  dataIdNextNumber: number
  readonly dataIdMap: { get(dataId: object): { id: number; memoryOffset: number } }
  makeOutput(shape: number[], dtype: 'float32'): TensorInfo
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array
  disposeData(dataId: object): boolean
  /** One more tensor has these numbers. */
  incRef(dataId: object): void
}
