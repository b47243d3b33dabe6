/** What it is, in words. */
export const OBJECT_NAME =
  'the name of an object in Kubernetes (lower-case letters and digits, and between them hyphens and dots)'

/** Whether Kubernetes takes this as the name of a claim or a Secret: a DNS subdomain. */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/.test(name)
}
