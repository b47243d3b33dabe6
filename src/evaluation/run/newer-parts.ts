/** Parts of a run's identity that runs of older versions lack: they are held against each other where both runs have them. */
export const NEWER_PARTS: readonly string[] = ['dataset.questions']
