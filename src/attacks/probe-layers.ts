import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Containment } from '../core/sandbox.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { RuntimeChoice } from '../wiring.js'
import { encode, knownImage } from '../chaos/known-image.js'
import type { Outcome } from './attack.js'
import { layerProbes, type LayerProbe } from './layer-probes.js'
import { openListeners } from './network-listeners.js'
import { observe } from './observe.js'
import { openAttackedPool } from './open-attacked-pool.js'
import { within } from './try-attack.js'

export interface ProbedLayer {
  layer: string
  hasHeld: boolean
  /** What was tried, and what was seen. */
  detail: string
}

const DEADLINE_MS = 45_000

/**
 * Try to break each layer of a runtime, with those before it left out.
 * @throws SandboxError when no sandbox starts there.
 */
export async function probeLayers({
  runtime,
}: {
  runtime: RuntimeChoice
}): Promise<{ runtime: string; containment: Containment; layers: ProbedLayer[] }> {
  const listeners = await openListeners()
  const folder = await mkdtemp(join(tmpdir(), 'codevision-probe-'))
  try {
    const secret = join(folder, 'secret')
    await writeFile(secret, 'of this machine', { mode: 0o644 })
    const probes = layerProbes({ secret, port: listeners.port })
    const layers: ProbedLayer[] = []
    let name = ''
    let containment: Containment = {}
    for (const key of new Set(probes.map(({ without }) => without.join(',')))) {
      const those = probes.filter(({ without }) => without.join(',') === key)
      const opened = await openAttackedPool({ runtime, without: those[0]?.without ?? [], standby: false })
      name = opened.runtime
      try {
        containment = (await opened.pool.versions()).containment
        for (const probe of those) layers.push(await tryProbe(probe, opened.pool))
      } finally {
        await opened.pool.close()
      }
    }
    if (listeners.heard > 0)
      layers.push({ layer: 'no network', hasHeld: false, detail: 'a connection arrived outside' })
    return { runtime: name, containment, layers }
  } finally {
    await listeners.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function tryProbe(
  { layer, code, first, timeoutMs = 5_000, expect, tried }: LayerProbe,
  pool: SandboxPool,
): Promise<ProbedLayer> {
  let outcome: Outcome
  try {
    const image = await encode(knownImage({ client: 1, session: 1, width: 48, height: 32 }))
    const session = await pool.open([image])
    try {
      if (first !== undefined) await session.execute({ code: first })
      const execution = await within(DEADLINE_MS, session.execute({ code }, { timeoutMs }))
      outcome = { status: 'answered', execution }
    } finally {
      await session.close()
    }
  } catch (error) {
    outcome = { status: 'machine error', message: (error as Error).message }
  }
  if (outcome.status === 'answered' && outcome.execution.status === 'ok' && expect.includes('printed')) {
    const { stdout } = outcome.execution
    return { layer, hasHeld: stdout === 'held\n', detail: `${tried}: ${stdout.trim().slice(0, 200)}` }
  }
  const stop = observe(outcome, () => false)
  const seen = stop?.evidence ?? (outcome.status === 'machine error' ? outcome.message : 'nothing stopped it')
  return { layer, hasHeld: stop !== null && expect.includes(stop.evidence), detail: `${tried}: ${seen}` }
}
