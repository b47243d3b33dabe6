import { useState } from 'preact/hooks'
import { plural } from '../words.js'
import { visibleText } from '../../../core/visible-text.js'

/** Characters shown at once; browsers lay out some megabytes of text only with pain. */
const STEP = 6000

/** Text of a model, as text: nothing in it is markup. A long one opens in steps. */
export function LongText({ text, class: name = 'text' }: { text: string; class?: string }) {
  const [length, setLength] = useState(STEP)
  const left = text.length - length
  return (
    <div class={name} dir="auto">
      {visibleText(text.slice(0, length))}
      {left > 0 && (
        <button type="button" class="more" onClick={() => setLength(length + 8 * STEP)}>
          Show more of {plural(left, 'further character')}
        </button>
      )}
    </div>
  )
}
