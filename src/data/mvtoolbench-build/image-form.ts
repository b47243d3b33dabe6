/** What a row's image file holds: the image as the model is given it (PNG), or the canonical file, which the loader transforms. */
export const IMAGE_FORMS = ['given', 'canonical'] as const

export type ImageForm = (typeof IMAGE_FORMS)[number]
