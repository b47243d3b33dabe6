import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { driveCalls } from './drive-calls.js'
import type { Load, Measured, Peer, PeerName } from './peer.js'

/** A peer that starts one process for each call: `command`, followed by the arguments of fresh_exec.py as that process sees its files. */
export function freshPeer({
  name,
  command: [file, ...args],
  folder,
  seenAs = folder,
}: {
  name: PeerName
  command: [string, ...string[]]
  /** Folder of memory for images and results; `seenAs` is its path for the process. */
  folder: string
  seenAs?: string
}): Peer {
  let counter = 0
  return {
    name,
    measure: ({ image, ...load }: Load): Promise<Measured> =>
      driveCalls({ image, ...load }, async () => {
        counter += 1
        const result = `result-${name}-${counter}`
        const seen = (path: string): string => path.replace(folder, seenAs)
        const side = String(image.side)
        return {
          call: async () => {
            const ended = await execa(file, [...args, seen(image.raw), side, side, join(seenAs, result)], {
              input: load.code,
              stdout: 'ignore',
              reject: false,
              env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
              extendEnv: false,
            })
            if (ended.exitCode === 0) return { pixels: await readFile(join(folder, result)) }
            if (ended.exitCode === 1) return { traceback: ended.stderr }
            throw new Error(`${name}: ${ended.shortMessage ?? ''} ${ended.stderr}`)
          },
          close: () => Promise.resolve(),
        }
      }),
    close: () => Promise.resolve(),
  }
}
