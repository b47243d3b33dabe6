/** One call of the one tool: Python over one of the trajectory's images. */
export interface CodeCall {
  code: string
  /** What the model says the code does. */
  description?: string
  /** Which image of the session is `image` in the code, from 0. */
  imageIndex?: number
}
