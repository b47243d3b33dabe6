import type { z } from 'zod'
import { explainIssues } from '../config/explain-issues.js'
import { expectBody } from './expect-body.js'
import { ServiceError } from './service-error.js'

/** What a request says, checked. @throws ServiceError (400) that names each wrong value. */
export function readRequest<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  expectBody(value)
  const read = schema.safeParse(value, { reportInput: true })
  if (read.success) return read.data
  const problems = explainIssues({ error: read.error, schema, where: () => 'request' })
  throw new ServiceError({
    status: 400,
    code: 'bad_request',
    message: problems.slice(0, 10).join('; '),
    hint: 'GET /v1/schema has the JSON schema of every request.',
  })
}
