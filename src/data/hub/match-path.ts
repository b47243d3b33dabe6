/** Whether a path of a repository matches a pattern; `*` stands for anything but `/`. */
export function matchesPath({ path, pattern }: { path: string; pattern: string }): boolean {
  const escaped = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${escaped.join('[^/]*')}$`).test(path)
}
