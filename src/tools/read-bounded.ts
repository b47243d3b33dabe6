/** All bytes of a body; null where there are more than `most`, of which no more are read then. */
export async function readBounded({
  body,
  most,
}: {
  body: ReadableStream<Uint8Array> | null
  most: number
}): Promise<Buffer | null> {
  if (body === null) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    // Leaving the loop ends the stream.
    if (length > most) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
