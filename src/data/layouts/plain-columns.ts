/** Further columns of a row as JSON can hold them; bytes are left out. */
export function plainColumns({
  row,
  without,
}: {
  row: Readonly<Record<string, unknown>>
  without: readonly string[]
}): Record<string, unknown> {
  const kept = Object.fromEntries(Object.entries(row).filter(([name]) => !without.includes(name)))
  const text = JSON.stringify(kept, (_, value: unknown) => {
    if (typeof value === 'bigint') return Number(value)
    return value instanceof Uint8Array ? undefined : value
  })
  return JSON.parse(text) as Record<string, unknown>
}
