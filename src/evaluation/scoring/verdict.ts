/** What rules say about an answer. */
export type Verdict =
  /** `value` from 0 to 1; `letter`: the option that was read, Z where the answer declines to name one. */
  | { kind: 'scored'; value: number; rule: string; letter?: string }
  /** Nothing was decided: the judge's to say, where the profile asks one; else wrong. */
  | { kind: 'undecided' }
  /** No option could be read: the judge's to say, where the profile asks one; else `unparsed`. */
  | { kind: 'unread' }
