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

/** How many rollouts and steps there are, and where they run. */
export interface RecipePlace {
  /** Where the files of the recipe are written to; absolute, since a trainer's workers run elsewhere. */
  folder: string
  /** Folder or name of the model that is trained. */
  model: string
  /** Rows of `codevision data export --format verl`, or of `codevision data filter`. */
  data: string
  /** Of `codevision serve env`. */
  url: string
  nodes: number
  /** Of each node. */
  gpus: number
  /** What the chat template begins each turn of the model with; empty: nothing. */
  opening: string
}
