import { join } from 'node:path'
import { shellWord } from '../../core/shell-word.js'
import type { RecipePlace, RecipeVariant } from './recipe-setting.js'

/** Addresses that only this machine reaches. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Whether only the machine of a service reaches it by this address. */
export function isLoopback(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname)
}

/** The first lines of a launch script: what is to be done before it, with paths for any current folder, and how it begins. */
export function launchHead({
  trainer,
  variant,
  place: { folder, url },
  once,
  served,
  tokenFor = 'the training',
}: {
  trainer: 'verl' | 'TRL'
  variant: RecipeVariant
  place: Pick<RecipePlace, 'folder' | 'url'>
  /** Lines of shell. */
  once: readonly string[]
  /** Whose tasks the service offers: a word of shell, what is to be said of it, and what else the trainer needs of it. */
  served: { rows: string; note: string; options?: readonly string[] }
  /** What has the token in its environment. */
  tokenFor?: string
}): string[] {
  const { hostname, port, protocol } = new URL(url)
  const isProxied = protocol === 'https:'
  const listens = [
    ...(served.options ?? []),
    // A service speaks plain HTTP; which port is behind a proxy is the proxy's matter.
    ...(isProxied ? [] : ['--port', port === '' ? '80' : port]),
    ...(isLoopback(url) ? [] : ['--host', '0.0.0.0', '--token-file', 'FILE']),
  ].join(' ')
  const serve = `npx codevision serve env --config ${shellWord(join(folder, 'environment.yaml'))} --data ${served.rows} ${listens}`
  return [
    '#!/usr/bin/env bash',
    `# GRPO as in the ${variant}, with ${trainer}. Each value beside those of paper and release: values.md.`,
    '#',
    '# Once:',
    ...once.map((line) => `#   ${line}`),
    `# Beside the training, on ${hostname}${isProxied ? ', behind a proxy that speaks HTTPS' : ''}${served.note}:`,
    `#   ${serve.trimEnd()}`,
    ...(isLoopback(url)
      ? []
      : [`# FILE holds a token of your own; for ${tokenFor}: export CODEVISION_TOKEN=that token`]),
    'set -euo pipefail',
    'cd "$(dirname "${BASH_SOURCE[0]}")"',
  ]
}

/** How the Python package of this project is installed. */
export function integrationFolder(packageFolder: string): string {
  return shellWord(join(packageFolder, 'integrations/codevision_env'))
}
