/**
 * The name under which transformers 5 holds a parameter, for a name from a file: older Qwen2.5-VL files put the text model at `model.` and the vision tower at `visual.`,
 * newer ones `model.language_model.` and `model.visual.`.
 */
export function parameterName(stored: string): string {
  if (stored.startsWith('visual.')) return `model.${stored}`
  if (stored.startsWith('language_model.model.'))
    return stored.replace('language_model.model.', 'model.language_model.')
  if (stored.startsWith('language_model.lm_head.')) return stored.replace('language_model.', '')
  const isOlder =
    stored.startsWith('model.') &&
    !stored.startsWith('model.language_model.') &&
    !stored.startsWith('model.visual.')
  return isOlder ? stored.replace('model.', 'model.language_model.') : stored
}
