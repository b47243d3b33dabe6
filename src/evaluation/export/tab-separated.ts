/** Rows as a TSV file that pandas and Excel read back: fields with a tab, a quote or a line break stand in quotes, quotes doubled. */
export function tabSeparated(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join('\t')}\n`).join('')
}

function field(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
