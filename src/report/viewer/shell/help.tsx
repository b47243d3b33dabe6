import { useLayoutEffect, useRef } from 'preact/hooks'

const KEYS: readonly [keys: string[], meaning: string][] = [
  [['j', '↓'], 'next sample'],
  [['k', '↑'], 'previous sample'],
  [['→', '←'], 'next or previous turn'],
  [['/'], 'search in questions and answers'],
  [['o', 's', 'c'], 'overview, samples, comparison'],
  [['?'], 'this help'],
  [['Esc'], 'close what is open'],
]

/** The keys of the page. */
export function Help({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        The address follows what you see: copy it to link to a sample, a turn or a selection.
      </p>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  )
}
