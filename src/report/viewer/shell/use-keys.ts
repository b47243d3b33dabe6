import { useLayoutEffect, useRef } from 'preact/hooks'

/** What a key does; where that answers `false`, it did nothing, and the browser does what it does. */
export type KeyActions = Readonly<Record<string, () => unknown>>

/** Listen for single keys anywhere on the page, but not while something is written, and not together with Ctrl, Alt or Meta. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions)
  latest.current = actions
  // With the page itself and not after it: a key that is pressed at once is not lost.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return
      if (isTaken(event.target, event.key) && event.key !== 'Escape') return
      const action = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined
      if (action === undefined || action() === false) return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

/** Whether what has the focus needs the key itself: any where something is written, arrows where one of several is chosen. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  if (!(target instanceof HTMLInputElement) || target.type === 'checkbox') return false
  return target.type !== 'radio' || key.startsWith('Arrow')
}
