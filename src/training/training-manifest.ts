import { gitRevision, packageVersion } from '../config/package-info.js'
import type { Sandbox } from '../core/sandbox.js'
import type { SummaryHead } from '../evaluation/summary/summary.js'
import type { Json, NewManifest } from '../store/manifest.js'
import { lastingSettings } from './lasting-settings.js'

/**
 * The manifest of a training's run folder. What a resumed training must share is its identity.
 * @param parameters.data SHA-256 over the identities of what is learned from
 * @param parameters.identity further parts of it, such as the agent's
 */
export async function trainingManifest({
  kind,
  head,
  data,
  config,
  identity = {},
  sandbox,
}: {
  kind: 'sft' | 'grpo'
  head: Omit<SummaryHead, 'judgeReading'>
  data: { sha256: string; rows: number; path: string }
  config: object
  identity?: Record<string, Json>
  sandbox?: Sandbox
}): Promise<NewManifest> {
  const whole = JSON.parse(JSON.stringify(config)) as Record<string, Json>
  const versions = await sandbox?.versions()
  const { runtime, python, containment, ...pixels } = versions ?? {}
  return {
    identity: {
      head: { ...head, policy: { ...head.policy } },
      dataset: { sha256: data.sha256, rows: data.rows },
      training: { kind, settings: lastingSettings(config) },
      ...(versions !== undefined && { sandbox: { ...pixels } as Record<string, Json> }),
      ...identity,
    },
    config: whole,
    environment: {
      codevision: await packageVersion(),
      gitRevision: await gitRevision(),
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      data: data.path,
      ...(versions !== undefined && {
        sandbox: { runtime: runtime ?? null, python: python ?? null, containment: { ...containment } },
      }),
    },
  }
}
