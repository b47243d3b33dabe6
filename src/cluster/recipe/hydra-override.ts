import type { RecipeSetting } from './recipe-setting.js'

const PLAIN = /^[A-Za-z0-9_.:/@%+-]+$/

/** A setting as one argument of Hydra's command line; texts that its grammar would read otherwise are quoted. */
export function hydraOverride({ key, value }: Pick<RecipeSetting, 'key' | 'value'>): string {
  if (typeof value !== 'string')
    return `${key}=${value === true ? 'True' : value === false ? 'False' : value}`
  if (PLAIN.test(value)) return `${key}=${value}`
  // Between quotes, of the backslashes only those before a quote are read as escapes.
  const escaped = value.replace(/(\\*)'/g, "$1$1\\'").replace(/\\+$/, '$&$&')
  return `${key}='${escaped}'`
}
