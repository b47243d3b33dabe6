/** A promise that somebody else settles. That nobody waits for its failure is no error: it is met where it is asked for. */
export class Deferred<Value> {
  readonly promise: Promise<Value>
  private settle!: { resolve: (value: Value) => void; reject: (reason: Error) => void }

  constructor() {
    this.promise = new Promise((resolve, reject) => (this.settle = { resolve, reject }))
    this.promise.catch(() => undefined)
  }

  resolve(value: Value): void {
    this.settle.resolve(value)
  }

  reject(reason: Error): void {
    this.settle.reject(reason)
  }
}
