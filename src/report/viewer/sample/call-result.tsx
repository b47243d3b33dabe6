import type { ExecutionRecord } from '../../../core/execution.js'
import { duration } from '../words.js'
import { LongText } from './long-text.js'
import { visibleText } from '../../../core/visible-text.js'

/** What a call printed, what it did, and why it failed. */
export function CallResult({ execution }: { execution: ExecutionRecord }) {
  const { operations, stdout } = execution
  return (
    <>
      {execution.status === 'error' && (
        <div class="failure" role="group" aria-label="Error">
          <p>
            <span class="tag warn">{execution.kind}</span>
            {execution.line !== null && <span class="muted"> line {execution.line}</span>}
          </p>
          <LongText
            text={[execution.type, execution.message]
              .filter((part) => part !== null && part !== '')
              .join(': ')}
            class="text mono"
          />
          {execution.traceback !== '' && (
            <details>
              <summary>Traceback</summary>
              <LongText text={execution.traceback} class="text mono" />
            </details>
          )}
        </div>
      )}
      {stdout !== '' && (
        <div class="part">
          <span class="label">Printed</span>
          <LongText text={stdout} class="text mono" />
        </div>
      )}
      {operations.length > 0 && (
        <ul class="operations" aria-label="Operations that were observed">
          {operations.map(({ op, call, verified, tool }, index) => (
            <li key={index} class={verified ? undefined : 'unverified'}>
              <code>{visibleText(op ?? call)}</code>
              {tool !== undefined && (
                <span class="muted">
                  {' '}
                  {tool.outcome}, {duration(tool.durationMs)}
                  {tool.message !== null && `: ${visibleText(tool.message)}`}
                </span>
              )}
              {!verified && <span class="muted"> not borne out by the pixels</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
