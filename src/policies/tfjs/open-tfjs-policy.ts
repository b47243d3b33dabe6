import { loadPolicyModel, type OpenTfjsPolicyParameters } from './load-policy-model.js'
import { createTfjsPolicy, type TfjsPolicy } from './tfjs-policy.js'

/**
 * Load a checkpoint onto a backend, and let it answer.
 * @throws UsageError when the folder is no checkpoint of a model that is built in, or the model does not fit into memory (before it is loaded).
 */
export async function openTfjsPolicy(parameters: OpenTfjsPolicyParameters): Promise<TfjsPolicy> {
  return createTfjsPolicy((await loadPolicyModel(parameters)).parameters)
}
