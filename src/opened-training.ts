/** What a training needs besides what shows it and ends it, opened as a configuration says. */
export interface OpenedTraining<Parameters> {
  readonly parameters: Parameters
  /** Closes all of it; a second call does nothing. */
  readonly close: () => Promise<void>
}

export interface OpenTrainingParameters<Config> {
  config: Config
  /** `resume`: go on with the run of this name; default `create`. */
  mode?: 'create' | 'resume'
  /** Told of what does not end a training and should be known; default a warning of the process. */
  onWarning?: (message: string) => void
  /** Told how much is learned from, in how many steps, and which parameters are trained, before the policy is opened. */
  onPlanned?: (line: string) => void
}
