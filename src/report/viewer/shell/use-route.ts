import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { formatRoute, parseRoute, type Route } from './route.js'

/** `push`: the reader can go back to where they were; `replace`: a step on the way, such as a letter of a search. */
export type Navigate = (change: Partial<Route>, how?: 'push' | 'replace') => void

/** Browsers refuse hundreds of changes of the address in a few seconds; keys that are held down make them. */
const SETTLE_MS = 250

/** Where the reader is, kept in the address, so that it can be linked to and the back button works. */
export function useRoute(): [Route, Navigate] {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  const current = useRef(route)
  const pending = useRef<number | null>(null)

  const settle = useCallback(() => {
    if (pending.current === null) return
    clearTimeout(pending.current)
    pending.current = null
    history.replaceState(null, '', formatRoute(current.current))
  }, [])

  const navigate = useCallback<Navigate>(
    (change, how = 'push') => {
      const next = { ...current.current, ...change }
      if (how === 'push') {
        settle()
        if (formatRoute(next) !== formatRoute(current.current)) history.pushState(null, '', formatRoute(next))
      } else {
        if (pending.current !== null) clearTimeout(pending.current)
        pending.current = window.setTimeout(settle, SETTLE_MS)
      }
      current.current = next
      setRoute(next)
    },
    [settle],
  )

  useEffect(() => {
    const follow = (): void => {
      if (pending.current !== null) clearTimeout(pending.current)
      pending.current = null
      current.current = parseRoute(location.hash)
      setRoute(current.current)
    }
    addEventListener('popstate', follow)
    addEventListener('pagehide', settle)
    return () => {
      removeEventListener('popstate', follow)
      removeEventListener('pagehide', settle)
    }
  }, [settle])

  return [route, navigate]
}
