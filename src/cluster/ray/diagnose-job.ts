import { z } from 'zod'
import { RESOURCES_KEY } from './job-request.js'
import { isOver, type Job, type RayNode } from './ray-answers.js'

/** What keeps a job from going on, in one line. */
export interface Diagnosis {
  kind:
    | 'no-node' // nothing lives that could run it
    | 'no-room' // no live node is large enough, ever
    | 'no-agent' // there is room, and nobody begins it
    | 'preparing' // its environment is being made, its room is taken by others, or nobody begins it
    | 'driver-lost' // the node of its driver is dead
    | 'nodes-lost' // others died since it began
    | 'silent' // its log stands still
  line: string
}

/** A job that waits for nothing is begun within seconds. */
const BEGUN_WITHIN_MS = 30_000

/**
 * Tell apart why a job does not go on. Null where nothing is wrong.
 * @param parameters.quietMs for how long its log has not grown; null where that is not known
 * @param parameters.silentAfterMs from when on that is told
 */
export function diagnoseJob({
  job,
  nodes,
  now,
  quietMs,
  silentAfterMs,
}: {
  job: Job
  nodes: readonly RayNode[]
  /** Milliseconds since 1970. */
  now: number
  quietMs: number | null
  silentAfterMs: number
}): Diagnosis | null {
  const driver = nodes.find(({ node_id: id }) => id === job.driver_node_id)
  if (driver !== undefined && driver.state !== 'ALIVE' && job.status !== 'SUCCEEDED')
    return {
      kind: 'driver-lost',
      line: `${job.status}: node ${named(driver)}, which ran its driver, is dead${because(driver)}. ${isOver(job) ? 'Submit it again, with another --id.' : 'Ray will call it FAILED.'}`,
    }
  if (isOver(job)) return null
  const live = nodes.filter(({ state }) => state === 'ALIVE')
  if (live.length === 0)
    return { kind: 'no-node', line: `${job.status}: none of the cluster's ${nodes.length} nodes lives.` }
  if (job.status === 'PENDING') return diagnosePending({ job, live, now })
  const lost = nodes.filter(
    ({ state, end_time_ms: end }) => state === 'DEAD' && (end ?? 0) >= (job.start_time ?? now),
  )
  const died = `${lost.length} of ${live.length + lost.length} nodes died since it began (${lost.map(named).join(', ')})`
  if (quietMs !== null && quietMs >= silentAfterMs)
    return {
      kind: 'silent',
      line: `${job.status}: ${lost.length === 0 ? `all ${live.length} nodes live` : died}, and its log has not grown for ${seconds(quietMs)}: it works without a word, or hangs.`,
    }
  if (lost.length > 0)
    return {
      kind: 'nodes-lost',
      line: `${job.status}: ${died}; what ran there runs again where there is room.`,
    }
  return null
}

function diagnosePending({
  job,
  live,
  now,
}: {
  job: Job
  live: readonly RayNode[]
  now: number
}): Diagnosis | null {
  const waited = now - (job.start_time ?? now)
  const since = `PENDING for ${seconds(waited)}`
  const wanted = wantedBy(job)
  const amounts = Object.entries(wanted)
  const fits = live.some(({ resources_total: total }) =>
    amounts.every(([name, amount]) => (total?.[name] ?? 0) >= amount),
  )
  if (!fits) {
    const most = amounts.map(
      ([name]) => `${name} ${Math.max(...live.map((node) => node.resources_total?.[name] ?? 0))}`,
    )
    const asked = amounts.map(([name, amount]) => `${name} ${amount}`).join(', ')
    return {
      kind: 'no-room',
      line: `${since}: its driver asks for ${asked}, which no live node has (at most ${most.join(', ')}). Add such a node, or stop it and ask for less.`,
    }
  }
  if (waited < BEGUN_WITHIN_MS) return null
  const isPrepared = Object.keys(job.runtime_env ?? {}).length === 0
  if (amounts.length === 0 && isPrepared)
    return {
      kind: 'no-agent',
      line: `${since}: ${live.length} nodes live and it waits for nothing, but no agent begins it. dashboard_agent.log and runtime_env_agent.log on the head node say why.`,
    }
  const reasons = [
    ...(amounts.length > 0 ? ['others take the room it asks for'] : []),
    ...(isPrepared
      ? []
      : ['its environment is being made', 'no agent begins it (runtime_env_agent.log on the head node)']),
  ]
  return { kind: 'preparing', line: `${since}: ${reasons.join(', or ')}.` }
}

/** What its driver asked for, as the submission noted it. */
function wantedBy({ metadata }: Job): Record<string, number> {
  const noted = metadata?.[RESOURCES_KEY]
  if (noted === undefined) return {}
  const read = z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'no JSON' })
        return z.NEVER
      }
    })
    .pipe(z.record(z.string(), z.number()))
    .safeParse(noted)
  // Somebody else's under our name: nothing is known.
  return read.success ? read.data : {}
}

function named({ node_id: id, node_ip: ip }: RayNode): string {
  return `${ip} (${id.slice(0, 8)})`
}

function because({ state_message: message }: RayNode): string {
  return message === null || message === '' ? '' : ` (${message.replace(/\s+/g, ' ').trim().slice(0, 160)})`
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
