import { access } from 'node:fs/promises'

/** Whether there is anything at a path that this process can reach; a link that leads nowhere is nothing. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
