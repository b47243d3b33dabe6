import { availableParallelism } from 'node:os'
import type { InferredOptionTypes, Options } from 'yargs'
import {
  HOST_TOOLS_OPTION,
  LIMITS,
  LOG_LEVELS,
  RUNNING,
  SERVE_CODE_OPTIONS,
  SERVE_OPTIONS,
} from './serve-options.js'

const OPENING = 'Which images may be opened:'

/** The options of `codevision serve mcp`. */
export const SERVE_MCP_OPTIONS = {
  ...SERVE_OPTIONS,
  ...SERVE_CODE_OPTIONS,
  ...HOST_TOOLS_OPTION,
  'log-level': {
    ...LOG_LEVELS,
    describe: 'What is logged on stderr, as JSON lines [default: warn, with --http info]',
  },
  http: {
    type: 'boolean',
    default: false,
    describe: 'Streamable HTTP, at /mcp, for many clients; without it one client over stdin and stdout',
  },
  'allow-origin': {
    type: 'string',
    array: true,
    describe:
      'With --http: pages in a browser that may use it (CORS) beside those of this machine, such as https://chat.example',
  },
  root: {
    type: 'string',
    array: true,
    describe: 'Folders whose files may be opened, links resolved [default: none]',
    group: OPENING,
  },
  'allow-urls': {
    type: 'boolean',
    default: false,
    describe: 'Images at http:// and https:// addresses of the public internet',
    group: OPENING,
  },
  'allow-private-urls': {
    type: 'boolean',
    default: false,
    describe: 'Those of this machine and its networks, too',
    group: OPENING,
  },
  'file-mb': { type: 'number', default: 64, describe: 'MiB of an image file', group: OPENING },
  'url-timeout': {
    type: 'number',
    default: 20,
    describe: 'Seconds in which an address must have given its image',
    group: OPENING,
  },
  'max-pixels': {
    type: 'number',
    default: 1_003_520,
    describe: 'Width × height of the copies that the model sees',
    group: OPENING,
  },
  'sent-kb': {
    type: 'number',
    default: 700,
    describe: 'Kilobytes of such a copy; larger ones are sent as JPEG, or smaller',
    group: OPENING,
  },
  'body-mb': {
    type: 'number',
    describe: 'With --http: MiB of a request [default: what an image of --file-mb takes as base64]',
    group: LIMITS,
  },
  concurrency: {
    type: 'number',
    default: availableParallelism(),
    describe: 'Calls that run at the same time',
    group: RUNNING,
  },
  timeout: { type: 'number', default: 10, describe: 'Seconds a call may run', group: RUNNING },
  lease: {
    type: 'number',
    default: 3600,
    describe: 'Seconds for which images are kept that nobody uses',
    group: LIMITS,
  },
  sessions: { type: 'number', default: 100, describe: 'With --http: sessions', group: LIMITS },
  'images-per-session': { type: 'number', default: 64, describe: 'Images of a session', group: LIMITS },
  queue: { type: 'number', default: 64, describe: 'Calls that wait', group: LIMITS },
  'held-mb': {
    type: 'number',
    default: 4096,
    describe: 'MiB of pixels that all sessions hold',
    group: LIMITS,
  },
} satisfies Record<string, Options>

/** What speaks of addresses, connections and their end, of which a client over stdio has one: no option of these would do anything there. */
export const HTTP_ONLY_OPTIONS = [
  ...['host', 'port', 'socket', 'socket-mode', 'token-file', 'allow-origin', 'body-mb', 'connections'],
  ...['sessions', 'sessions-per-client', 'drain', 'end-with-stdin'],
] as const satisfies readonly (keyof typeof SERVE_MCP_OPTIONS)[]

export type ServeMcpArguments = InferredOptionTypes<typeof SERVE_MCP_OPTIONS>
