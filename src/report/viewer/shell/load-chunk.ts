declare global {
  // A property of the global object has to be declared so; chunks call it by this name.
  var codevisionChunk: (json: string) => void
}

const received = new WeakMap<HTMLOrSVGScriptElement, string>()

globalThis.codevisionChunk = (json) => {
  if (document.currentScript !== null) received.set(document.currentScript, json)
}

/**
 * Load a chunk: a block of data in this page, or a script beside it, which also a page that was opened as a file may load.
 * @throws Error naming the file when it is not there or does not belong to this page.
 */
export async function loadChunk({
  base,
  name,
  isInline,
}: {
  base: string
  name: string
  isInline: boolean
}): Promise<unknown> {
  if (isInline) return JSON.parse(blockOf(name))
  const script = document.createElement('script')
  script.src = `${base}report/${name}`
  const json = await new Promise<string | undefined>((resolve, reject) => {
    script.onload = () => resolve(received.get(script))
    script.onerror = () =>
      reject(
        new Error(
          `${script.getAttribute('src')} could not be loaded: was the report moved without it, or its run written anew? Then write this page again.`,
        ),
      )
    document.head.append(script)
  }).finally(() => script.remove())
  if (json === undefined) throw new Error(`${script.getAttribute('src')} holds no data of a report`)
  return JSON.parse(json)
}

function blockOf(name: string): string {
  const block = document.querySelector(`script[data-chunk="${CSS.escape(name)}"]`)
  if (block === null) throw new Error(`This page lacks its data block ${name}; was it saved whole?`)
  return block.textContent ?? ''
}
