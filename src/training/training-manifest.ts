import { gitRevision, packageVersion } from '../config/package-info.js'
import type { Sandbox } from '../core/sandbox.js'
import type { SummaryHead } from '../evaluation/summary/summary.js'
import type { Json, NewManifest } from '../store/manifest.js'

/**
 * The manifest of a training's run folder.
 * @param parameters.identity of {@link trainingIdentity}
 * @param parameters.data where what is learned from lies
 */
export async function trainingManifest({
  head,
  identity,
  data,
  config,
  sandbox,
}: {
  head: Omit<SummaryHead, 'judgeReading'>
  identity: Record<string, Json>
  data: string
  config: object
  sandbox?: Sandbox
}): Promise<NewManifest> {
  const whole = JSON.parse(JSON.stringify(config)) as Record<string, Json>
  const versions = await sandbox?.versions()
  const { runtime, python, containment, ...pixels } = versions ?? {}
  return {
    identity: {
      head: { ...head, policy: { ...head.policy } },
      ...(versions !== undefined && { sandbox: { ...pixels } as Record<string, Json> }),
      ...identity,
    },
    config: whole,
    environment: {
      codevision: await packageVersion(),
      gitRevision: await gitRevision(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      data,
      ...(versions !== undefined && {
        sandbox: { runtime: runtime ?? null, python: python ?? null, containment: { ...containment } },
      }),
    },
  }
}
