import { useMemo, useState } from 'preact/hooks'
import { plural } from '../words.js'
import { highlightPython } from './highlight-python.js'
import { visibleText } from '../../../core/visible-text.js'

/** Characters and lines shown at once. */
const STEP = { characters: 6000, lines: 200 }

/** Python with its colours and line numbers; the line that failed is marked. */
export function CodeView({ code, failedLine }: { code: string; failedLine: number | null }) {
  const [steps, setSteps] = useState(1)
  const shown = code.slice(0, STEP.characters * steps)
  const lines = useMemo(() => highlightPython(visibleText(shown)), [shown])
  const visible = lines.slice(0, STEP.lines * steps)
  const isCut = shown.length < code.length || visible.length < lines.length
  return (
    <div class="code-box">
      <pre class="code" tabIndex={0} role="region" aria-label="Python code" dir="ltr">
        <code>
          {visible.map((tokens, index) => {
            const fails = failedLine === index + 1
            return (
              <span key={index} class={fails ? 'line fails' : 'line'}>
                <span class="line-number" aria-hidden="true">
                  {index + 1}
                </span>
                <span class="line-text">
                  {tokens.map(({ kind, text }, place) =>
                    kind === 'plain' ? (
                      text
                    ) : (
                      <span key={place} class={`py-${kind}`}>
                        {text}
                      </span>
                    ),
                  )}
                  {fails && <span class="unseen"> (this line failed)</span>}
                  {'\n'}
                </span>
              </span>
            )
          })}
        </code>
      </pre>
      {isCut && (
        <button type="button" class="more" onClick={() => setSteps(steps * 8)}>
          Show more of {plural(code.length, 'character')}
        </button>
      )}
    </div>
  )
}
