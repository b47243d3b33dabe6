import { ServiceError } from './service-error.js'

/** @throws ServiceError (400) where a request came without a body. */
export function expectBody(body: unknown): void {
  if (body !== undefined) return
  throw new ServiceError({
    status: 400,
    code: 'bad_json',
    message: 'Expected JSON as the body, got none.',
    hint: 'Send one JSON object as the body.',
  })
}
