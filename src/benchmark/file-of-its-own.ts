/** The same picture in a file of other bytes, since sessions that are open over the same file share its pixels. Pillow reads nothing behind a PNG's end. */
export function fileOfItsOwn({ png, number }: { png: Buffer; number: number }): Buffer {
  return Buffer.concat([png, Buffer.from(` ${number}`)])
}
