import { useEffect, useState } from 'preact/hooks'

export type Loaded<Value> =
  { status: 'loading' } | { status: 'ready'; value: Value } | { status: 'failed'; message: string }

/** What `load` brings, anew whenever `key` changes; what came too late is dropped. */
export function useLoaded<Value>(key: string, load: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ key: string; loaded: Loaded<Value> }>({
    key,
    loaded: { status: 'loading' },
  })
  useEffect(() => {
    let isWanted = true
    const put = (loaded: Loaded<Value>): void => {
      if (isWanted) setState({ key, loaded })
    }
    load().then(
      (value) => put({ status: 'ready', value }),
      (cause: unknown) =>
        put({ status: 'failed', message: cause instanceof Error ? cause.message : String(cause) }),
    )
    return () => {
      isWanted = false
    }
  }, [key])
  return state.key === key ? state.loaded : { status: 'loading' }
}
