/** Something that can be removed. */
export interface Leftover {
  /** By which it can be chosen: `replies`, `datasets/OWNER/NAME`, `containers/NAME` … */
  name: string
  /** What it is, and what it costs to be without. */
  what: string
  bytes: number
  /** The living process that uses it, for which it is kept; null: none is known. */
  usedBy: string | null
  /** @throws what the system says. */
  remove(): Promise<void>
}
