import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Write an executable shell script and return its path. */
export async function writeProgram({
  folder,
  name,
  body,
}: {
  folder: string
  name: string
  body: string
}): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return path
}
