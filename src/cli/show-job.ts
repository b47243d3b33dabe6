import type { Job } from '../cluster/ray/ray-answers.js'
import { indented } from './indented.js'

/** One job for a reader: its state, and what the cluster says of it. */
export function showJob(job: Job, now: number): string[] {
  return [
    `${nameOf(job)}: ${job.status}${job.driver_exit_code === null ? '' : `, exit code ${job.driver_exit_code}`}`,
    ...indented(
      [
        ['command', job.entrypoint],
        ['says', job.message === null ? '' : firstLines(job.message)],
        ['reason', job.error_type ?? ''],
        ['began', job.start_time === null ? '' : new Date(job.start_time).toISOString()],
        ['took', durationOf(job, now)],
        ['node', job.driver_node_id ?? ''],
      ].filter(([, value]) => value !== ''),
    ),
  ]
}

/** All jobs, the newest first, one a line. */
export function showJobs(jobs: readonly Job[], now: number): string[] {
  const sorted = [...jobs].sort((a, b) => (b.start_time ?? 0) - (a.start_time ?? 0))
  return indented(
    sorted.map((job) => [nameOf(job), job.status, durationOf(job, now), shortened(job.entrypoint)]),
  )
}

/** Of a driver that was begun without submission, Ray's own number. */
function nameOf({ submission_id: id, job_id: number }: Job): string {
  return id ?? number ?? '?'
}

function durationOf({ start_time: start, end_time: end }: Job, now: number): string {
  if (start === null) return ''
  const seconds = Math.max(0, Math.round(((end ?? now) - start) / 1000))
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
  return [hours > 0 && `${hours} h`, (hours > 0 || minutes > 0) && `${minutes} min`, `${seconds % 60} s`]
    .filter(Boolean)
    .join(' ')
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/** A failed job's message ends with its log, which `logs` shows. */
function firstLines(text: string): string {
  const [first = ''] = text.trim().split('\n')
  return first.length > 300 ? `${first.slice(0, 299)}…` : first
}
