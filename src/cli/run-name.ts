/** A name for a run that says what it is and sorts by time: `real-photos-tesseract-20251123-091502`. */
export function runName({
  suite,
  policy,
  now = new Date(),
}: {
  suite: string
  policy: string
  now?: Date
}): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const plain = (text: string): string => text.replace(/[^\w.+-]+/g, '-').replace(/^[^\w]+/, '')
  return `${plain(suite)}-${plain(policy)}-${stamp}`
}
