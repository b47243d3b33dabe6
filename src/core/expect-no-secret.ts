import { UsageError } from './errors.js'

/** Parts of a variable's name, between what is no letter, that say a key: OPENAI_API_KEY_2, OPENAI_APIKEY, PGPASSWORD; but not MAX_TOKENS. */
const SECRET_PART =
  /keys?$|token$|secret|passw|passphrase|(?<!^by|^com)pass$|pwd$|credential|authorization|bearer|cookie/
/** Names that say where a key lies, as SSL_KEY_FILE, or a folder. */
const PLACE = /(?:file|path|dir)[^a-z]*$|^(?:old)?pwd$/
/** What the keys of model servers and hubs look like. */
const SECRET_VALUE = /\b(?:sk-[\w-]{16,}|hf_\w{16,}|Bearer\s+[^\s$"']{8,})/
/** In an address a user of the web, who may be a token, or a password. */
const ADDRESS_USER = /\bhttps?:\/\/[^\s/?#@]*@|:\/\/[^\s/?#@:]*:[^\s/?#@]*@/i

/**
 * Refuse what would give a key away where it is written into files that others read: a variable that is named like one, a value that looks like one, an address with a user or a password. The
 * refusal does not repeat it.
 * @throws UsageError
 */
export function expectNoSecret({
  option,
  name = '',
  value,
  advice,
}: {
  /** What was given, as the user writes it: `--url`. */
  option: string
  /** Of the variable; '': the value is none's. */
  name?: string
  value: string
  /** Where a key belongs instead, as a sentence. */
  advice: string
}): void {
  const found = secretIn(name, value)
  if (found !== null)
    throw new UsageError(
      `${option}: expected no ${found}, since whoever reads the files would read it. ${advice}`,
    )
}

function secretIn(name: string, value: string): string | null {
  if (isNamedLikeSecret(name)) return `key or password (${name})`
  if (SECRET_VALUE.test(value)) return 'key'
  return ADDRESS_USER.test(value) ? 'user or password in an address' : null
}

function isNamedLikeSecret(given: string): boolean {
  const name = given.toLowerCase()
  return !PLACE.test(name) && name.split(/[^a-z]+/).some((part) => SECRET_PART.test(part))
}
