import {
  describeConversationFinding,
  type ConversationFinding,
} from '../data/conversations/check/conversation-finding.js'
import type { ConversationReport } from '../data/conversations/check/check-conversations.js'
import type { ConversationFile } from '../data/conversations/open-conversations.js'
import { createCountDisplay } from './count-display.js'

/** Check files of conversations and print what comes of it: a line for each finding, then the counts. */
export async function checkAndPrintConversations({
  files,
  signal,
}: {
  files: readonly ConversationFile[]
  signal: AbortSignal | undefined
}): Promise<{ report: ConversationReport; list: ConversationFinding[] }> {
  const { checkConversations } = await import('../data/conversations/check/check-conversations.js')
  const display = createCountDisplay((rows) => `${rows} rows checked`)
  const list: ConversationFinding[] = []
  const report = await checkConversations({
    files,
    signal,
    onFinding: (finding) => {
      list.push(finding)
      display.print(describeConversationFinding(finding), 'stdout')
    },
    onRow: display.update,
  }).finally(display.stop)
  console.log(describe(report))
  return { report, list }
}

function describe({
  rows,
  images,
  effects: { stops, drops, accepts },
  findings,
}: ConversationReport): string {
  const looked = `${amount(rows, 'row')} of conversations, ${amount(images, 'image')}`
  if (findings === 0) return `${looked}: LLaMA-Factory takes all of them`
  const parts = [
    stops === 0 ? null : `it stops at ${amount(stops, 'row')}`,
    drops === 0 ? null : `it leaves out ${amount(drops, 'row')}`,
    accepts === 0 ? null : `${amount(accepts, 'row')} to look at`,
  ].filter((part) => part !== null)
  return `${looked}: ${amount(findings, 'finding')}; of LLaMA-Factory: ${parts.join(', ')}`
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
