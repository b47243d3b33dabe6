/** Seconds before an evaluation is begun, and before it is begun again where it ended with failed samples. */
export const PAUSES: readonly number[] = [0, 20, 20, 20]
