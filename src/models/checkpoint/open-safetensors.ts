import { open, type FileHandle } from 'node:fs/promises'
import { UsageError } from '../../core/errors.js'
import { readSafetensorsHeader, type StoredTensor } from './safetensors-header.js'
import { toFloat32 } from './to-float32.js'

/** One open file of tensors, read one at a time. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** Numbers of a tensor, row-major. @throws UsageError when there is none of the name. */
  read(name: string): Promise<Float32Array>
  close(): Promise<void>
}

/** Open a safetensors file. @throws UsageError when it is missing, damaged, or of types that are not read here. */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await opened(path)
  try {
    const tensors = await readSafetensorsHeader({ file, path })
    return {
      tensors,
      async read(name) {
        const place = tensors.get(name)
        if (place === undefined) throw new UsageError(`${path}: expected a tensor ${name}, got none`)
        const bytes = Buffer.alloc(place.end - place.start)
        await readFully({ file, bytes, position: place.start })
        return toFloat32({ bytes, type: place.type })
      },
      close: () => file.close(),
    }
  } catch (cause) {
    await file.close()
    throw cause
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r')
    if ((await file.stat()).isFile()) return file
    await file.close()
    throw new Error('it is not a file')
  } catch (cause) {
    throw new UsageError(`${path}: expected a part of the checkpoint; ${String(cause)}`, { cause })
  }
}

/** One call reads at most 2 GiB. */
async function readFully({
  file,
  bytes,
  position,
}: {
  file: FileHandle
  bytes: Buffer
  position: number
}): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, 2 ** 30)
    const { bytesRead } = await file.read(bytes, done, length, position + done)
    if (bytesRead === 0)
      throw new UsageError(`expected ${bytes.length} bytes of a tensor, the file ended after ${done}`)
    done += bytesRead
  }
}
