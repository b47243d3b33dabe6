import { UsageError } from '../../core/errors.js'
import { isWithin } from './is-within.js'
import { isObjectName, OBJECT_NAME } from './object-name.js'
import { volumeOf } from './volume-of.js'

/** Folders of the image, with all that is in them: its system, Python, this program, the sandbox's Python in /var; and those of the kernel and the engine. */
const OF_IMAGE = [
  ...['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/libx32'],
  ...['/opt', '/proc', '/run', '/sbin', '/sys', '/usr', '/var'],
]
/** Others that it needs whole, and in which something may be shown. */
const SHARED = ['/tmp']

/** @throws UsageError for volumes that hide the image's own folders or each other, or none of which holds the runs. */
export function checkVolumes({
  output,
  volumes,
}: {
  /** The folder of the runs. */
  output: string
  /** Folders by claims. */
  volumes: Readonly<Record<string, string>>
}): void {
  for (const [claim, folder] of Object.entries(volumes)) {
    if (!isObjectName(claim))
      throw new UsageError(`--volume: expected ${OBJECT_NAME}, got ${JSON.stringify(claim)}`)
    checkFolder(claim, folder)
  }
  const folders = Object.values(volumes)
  const twice = folders.find((folder, at) => folders.indexOf(folder) !== at)
  if (twice !== undefined) throw new UsageError(`--volume: expected each folder once, got ${twice} twice`)
  if (volumeOf(output, volumes) === null)
    throw new UsageError(
      `--volume: expected CLAIM=FOLDER of a claim that holds --output ${output}, got ${folders.join(', ') || 'none'}: what pods write elsewhere is lost with them`,
    )
}

function checkFolder(claim: string, folder: string): void {
  if (!/^(?:\/[\w.-]+)+$/.test(folder) || /\/\.\.?(?:\/|$)/.test(folder))
    throw new UsageError(
      `--volume ${claim}: expected CLAIM=FOLDER with an absolute folder such as /shared, of letters, digits, dots, hyphens and underscores, without .. and without a slash at its end, got ${JSON.stringify(folder)}`,
    )
  const hidden =
    OF_IMAGE.find((own) => isWithin(own, folder) || isWithin(folder, own)) ??
    SHARED.find((own) => isWithin(folder, own))
  if (hidden !== undefined)
    throw new UsageError(
      `--volume ${claim}: expected CLAIM=FOLDER with a folder of its own in the pod, such as /shared, got ${JSON.stringify(folder)}, where the image has its ${hidden}`,
    )
}
