/**
 * The fixed words of the released environment's tool messages, kept to what a model trained there keys on: the prefix of a failure. The
 * rest of its wording is not repeated here.
 */
export const RELEASE_ERROR_PREFIX = 'Error: '

/** What goes with a new image. */
export const RELEASE_OK = 'Here is the processed image.'

/** Calls that fail before any code runs. */
export const RELEASE_PROBLEMS = {
  toolFailed: 'Error when executing tool: ',
  badCode: "Error: 'code' parameter is missing or not a string.",
  badImageIndex: "Error: 'image_index' must be a non-negative integer.",
} as const
