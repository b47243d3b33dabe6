/** What a function of Python raises where its port here must tell which class: a fact about the input, for whoever catches it. */
export class PythonError extends Error {
  override readonly name = 'PythonError'
  /** Python's class, such as `TypeError`. */
  readonly className: string

  constructor(className: string, message: string) {
    super(`${className}: ${message}`)
    this.className = className
  }
}
