/** The part of pythonia that is used: its Bridge class, without the entry point that starts a Python at import. */
declare module 'pythonia/src/pythonia/Bridge.js' {
  /** What pythonia calls a com: how requests leave, and where replies are delivered. */
  export interface Com {
    register(id: string | number, handler: (reply: Reply) => unknown): void
    write(request: { r: number }, handler?: (reply: Reply) => unknown): void
    writeRaw(line: string, id: number, handler: (reply: Reply) => unknown): void
  }

  export interface Reply {
    r: number
    key: string
    val: unknown
    sig?: string
  }

  /** A Python object: attributes and calls are awaited. */
  export type PythonObject = { [name: string]: PythonObject } & ((...args: unknown[]) => Promise<unknown>)

  export class Bridge {
    constructor(com: Com)
    /** JavaScript objects by the id under which Python knows them. */
    readonly jsi: { m: Record<string, unknown> }
    readonly loop: NodeJS.Timeout
    makePyObject(id: number): PythonObject
    end(): void
  }

  const pythonia: { Bridge: typeof Bridge }
  export default pythonia
}
