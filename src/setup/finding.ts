/** One line of doctor's report: what is there, or what is missing and the command that corrects it. */
export type Finding = { name: string; detail: string } & (
  { status: 'ok'; versions?: Readonly<Record<string, string>> } | { status: 'missing'; fix: string }
)
