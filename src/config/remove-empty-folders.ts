import { rmdir } from 'node:fs/promises'

/** Take folders back that `makeFolder` made, as far as nothing is in them. @param made outermost first */
export async function removeEmptyFolders(made: readonly string[]): Promise<void> {
  // Not empty, or gone: nothing to be removed.
  for (const path of [...made].reverse()) await rmdir(path).catch(() => undefined)
}
