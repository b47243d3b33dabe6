/** One value of a trainer's configuration, beside what the paper and its release say. */
export interface RecipeSetting {
  /** As the trainer calls it. */
  key: string
  value: string | number | boolean
  /** What the paper says (section 4); absent: nothing. */
  paper?: string
  /** What the released recipe sets, under whatever name; absent: nothing. */
  release?: string
  /** Why it is as it is. */
  note?: string
}

/** Whose training it is: where they differ, the values of one. */
export type RecipeVariant = 'paper' | 'release'

/** What is trained, over what, and where. */
export interface RecipePlace {
  /** Where the files of the recipe are written to; absolute, since a trainer's workers run elsewhere. */
  folder: string
  /** Name of the model that is trained, or its folder, absolute. */
  model: string
  /** Absolute. With verl rows of `codevision data export --format verl`; with TRL whatever `codevision serve env --data` takes. */
  data: string
  /** Of `codevision serve env`. */
  url: string
  nodes: number
  /** Of each node. */
  gpus: number
}

/** What only a recipe for verl can say. */
export interface VerlChoices {
  /** Rows held out, absolute; null: the training is not interrupted by any. */
  validation: string | null
  /** What the chat template begins each turn of the model with, line breaks as backslash and n; null: nothing. */
  opening: string | null
}
