import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../config/make-folder.js'
import { writeAtomic } from '../../store/write-atomic.js'

/**
 * Write files by their names into a folder, which is made; what lies there under their names is replaced. Scripts (`.sh`) may be run.
 * @throws StoreError where that is not possible
 */
export async function writeFiles({
  folder,
  files,
}: {
  folder: string
  files: Readonly<Record<string, string>>
}): Promise<void> {
  await makeFolder(folder, '--out')
  for (const [name, data] of Object.entries(files)) {
    const path = join(folder, name)
    await writeAtomic({ path, data, advice: 'free space or permissions (--out)' })
    if (name.endsWith('.sh')) await chmod(path, 0o755)
  }
}
