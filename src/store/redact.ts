const SECRET_NAME = /(api[-_]?key|token|secret|password|passwd|authorization|credentials?|cookie)$/i
const SECRET_VALUE = /\b(?:sk-[\w-]{16,}|hf_\w{16,}|Bearer\s+\S+)/g
const URL_USER = /(\w+:\/\/)[^/\s@]+@/g
const REDACTED = '[redacted]'

/**
 * A copy of a JSON value without keys and tokens: values of fields that are named like one, texts that look like one, user names in URLs, and every one of `secrets`.
 */
export function redact<Value>({ value, secrets = [] }: { value: Value; secrets?: readonly string[] }): Value {
  return clean(value, secrets) as Value
}

function clean(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return cleanText(value, secrets)
  if (Array.isArray(value)) return value.map((item: unknown) => clean(item, secrets))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && SECRET_NAME.test(name) ? REDACTED : clean(inner, secrets),
    ]),
  )
}

function cleanText(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= 6)
    .reduce((left, secret) => left.replaceAll(secret, REDACTED), text)
    .replace(SECRET_VALUE, REDACTED)
    .replace(URL_USER, `$1${REDACTED}@`)
}
