import { availableParallelism } from 'node:os'
import type { InferredOptionTypes, Options } from 'yargs'
import { HOST_TOOLS_OPTION, LIMITS, RUNNING, SERVE_CODE_OPTIONS, SERVE_OPTIONS } from './serve-options.js'
import { someOf } from './some-of.js'

/** Options of every service with sandbox sessions. */
export const SERVE_SESSIONS_OPTIONS = {
  ...SERVE_OPTIONS,
  ...SERVE_CODE_OPTIONS,
  hosts: {
    type: 'number',
    describe: 'Sandbox hosts of each profile [default: 1, or one for each socket]',
    group: RUNNING,
  },
  concurrency: {
    type: 'number',
    default: availableParallelism(),
    describe: 'Calls that run at the same time in each host',
    group: RUNNING,
  },
  'max-timeout': {
    type: 'number',
    default: 60,
    describe: 'Longest deadline a call may name, in seconds',
    group: LIMITS,
  },
  lease: {
    type: 'number',
    default: 600,
    describe: 'Seconds a session lives that nobody uses',
    group: LIMITS,
  },
  sessions: { type: 'number', default: 1000, describe: 'Open sessions', group: LIMITS },
  'images-per-session': {
    type: 'number',
    default: 64,
    describe: 'Images of a session, views included',
    group: LIMITS,
  },
  'calls-per-session': { type: 'number', default: 1000, describe: 'Calls of a session', group: LIMITS },
  queue: { type: 'number', default: 256, describe: 'Calls that wait', group: LIMITS },
  'held-mb': {
    type: 'number',
    default: 8192,
    describe: 'MiB of images that sessions hold',
    group: LIMITS,
  },
} satisfies Record<string, Options>

/** The options of `codevision serve sandbox`. */
export const SERVE_SANDBOX_OPTIONS = {
  ...SERVE_SESSIONS_OPTIONS,
  profile: {
    ...someOf('--profile', ['standard', 'release']),
    default: ['standard'] as ('standard' | 'release')[],
    describe: 'Profiles that are offered; the first is the default one',
    group: RUNNING,
  },
  ...HOST_TOOLS_OPTION,
  timeout: {
    type: 'number',
    default: 10,
    describe: 'Seconds a call may run that names no deadline',
    group: RUNNING,
  },
} satisfies Record<string, Options>

export type ServeSessionsArguments = InferredOptionTypes<typeof SERVE_SESSIONS_OPTIONS>
export type ServeSandboxArguments = InferredOptionTypes<typeof SERVE_SANDBOX_OPTIONS>
