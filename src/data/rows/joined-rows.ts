import type { RawRow, RowFile } from './row-file.js'

/** Several files of one schema as one, in the order given: the shards of a data set. */
export function joinRows(files: readonly RowFile[]): RowFile {
  const [only] = files
  if (only !== undefined && files.length === 1) return only
  return {
    path: files.map(({ path }) => path).join(', '),
    count: files.reduce((sum, { count }) => sum + count, 0),
    notices: files.flatMap(({ notices = [] }) => notices),
    async *rows({ isWanted = () => true, onUnreadable } = {}): AsyncGenerator<RawRow> {
      let before = 0
      for (const file of files) {
        const start = before
        before += file.count
        const rows = file.rows({
          isWanted: (index) => isWanted(start + index),
          onUnreadable:
            onUnreadable &&
            (({ first, end, where, error }) =>
              onUnreadable({
                first: start + first,
                end: start + end,
                file: file.path,
                firstInFile: first,
                where,
                error,
              })),
        })
        for await (const raw of rows)
          yield { ...raw, index: start + raw.index, file: file.path, indexInFile: raw.index }
      }
    },
  }
}
