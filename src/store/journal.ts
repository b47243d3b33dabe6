import { createReadStream } from 'node:fs'
import { open, appendFile, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreError } from '../core/errors.js'
import { endingOf, isSettled, OUTCOMES, type Ending, type Sample } from '../core/sample.js'
import { splitLines } from '../core/split-lines.js'
import { syncDirectory } from './write-atomic.js'

/** In a run folder. */
export const JOURNAL_FILE = 'samples.jsonl'

/** A line of the journal: where it stands, and its sample; null where the last line was cut off by a crash. */
export interface JournalLine {
  offset: number
  length: number
  isTerminated: boolean
  sample: Sample | null
}

/**
 * Every line of a journal in the order in which it was written. A last line that a crash cut off comes with `sample: null`.
 * @throws StoreError when the file is damaged elsewhere.
 */
export async function* readJournal(path: string): AsyncGenerator<JournalLine> {
  let unreadable: { line: JournalLine; number: number } | null = null
  let number = 0
  for await (const { bytes, offset, isTerminated } of splitLines(createReadStream(path))) {
    number++
    if (unreadable !== null) break
    const sample = parseSample(bytes)
    const line = { offset, length: bytes.length, isTerminated, sample }
    if (sample === null) unreadable = { line, number }
    else yield line
  }
  if (unreadable === null) return
  if (unreadable.number < number) {
    throw new StoreError(
      `${path} line ${unreadable.number}: expected a sample as JSON, got something else, with further lines behind it; the file was edited or its disk is damaged: restore it from a copy, or remove that line to run its sample again`,
    )
  }
  yield unreadable.line
}

/** What of a sample decides whether it runs again: small, so that ten thousand fit in memory. */
export interface SampleState {
  readonly key: string
  readonly ending: Ending
  /** Nothing is left to be done for it. */
  readonly isSettled: boolean
  /** Its rollout ended. */
  readonly hasTrajectory: boolean
}

/** Where the line that counts for a sample stands in its journal. */
export interface JournalPlace {
  offset: number
  length: number
  state: SampleState
}

/** The places of a journal by sample key. */
export type JournalIndex = ReadonlyMap<string, JournalPlace>

/**
 * The line that counts for each sample key: the last one, where a finished sample is never replaced by a failure.
 */
export async function indexJournal(path: string): Promise<Map<string, JournalPlace>> {
  const places = new Map<string, JournalPlace>()
  for await (const line of readJournal(path)) addLine({ places, line })
  return places
}

function addLine({
  places,
  line: { sample, offset, length },
}: {
  places: Map<string, JournalPlace>
  line: Pick<JournalLine, 'sample' | 'offset' | 'length'>
}): void {
  if (sample === null) return
  const { key, trajectory } = sample
  if (!isSettled(sample) && places.get(key)?.state.isSettled === true) return
  // Sliced out of a long line, the key would keep all of it in memory.
  const own = Buffer.from(key).toString()
  const state = {
    key: own,
    ending: endingOf(sample),
    isSettled: isSettled(sample),
    hasTrajectory: trajectory !== null,
  }
  places.set(own, { offset, length, state })
}

/** Every sample once (see {@link indexJournal}), in the order of the file. `index`: where it is known already. */
export async function* latestSamples(path: string, index?: JournalIndex): AsyncGenerator<Sample> {
  const places = index ?? (await indexJournal(path))
  const offsets = new Set([...places.values()].map(({ offset }) => offset))
  for await (const { bytes, offset } of splitLines(createReadStream(path))) {
    if (!offsets.has(offset)) continue
    const sample = parseSample(bytes)
    if (sample === null) throw changedError({ path, offset })
    yield sample
  }
}

/** The sample at a place of a journal. */
export async function readSampleAt({ path, place }: { path: string; place: JournalPlace }): Promise<Sample> {
  const handle = await open(path, 'r')
  try {
    const { buffer } = await handle.read(Buffer.alloc(place.length), 0, place.length, place.offset)
    const sample = parseSample(buffer)
    if (sample !== null) return sample
    throw changedError({ path, offset: place.offset })
  } finally {
    await handle.close()
  }
}

function changedError({ path, offset }: { path: string; offset: number }): StoreError {
  return new StoreError(
    `${path}: expected a sample at byte ${offset}, got something else; was the file changed?`,
  )
}

/** Appends samples in the order of the calls; one is on the disk when its `append` is fulfilled. */
export interface JournalWriter {
  /** What stands in the journal, samples that were appended included. */
  readonly index: JournalIndex
  append(sample: Sample): Promise<void>
  close(): Promise<void>
}

/**
 * Open a journal for writing. A line that a crash cut off is moved to `<path>.torn`; its sample will run again.
 * @param mayWrite asked before each line is written; what it throws is the append's failure.
 * @throws StoreError when the file cannot be written or is damaged.
 */
export async function openJournal(
  path: string,
  { mayWrite = () => Promise.resolve() }: { mayWrite?: () => Promise<void> } = {},
): Promise<JournalWriter> {
  let handle: FileHandle
  try {
    handle = await open(path, 'a+')
  } catch (cause) {
    throw writeError({ path, cause })
  }
  const index = new Map<string, JournalPlace>()
  let size: number
  try {
    size = await repairTail({ path, handle, index })
    await syncDirectory(dirname(path))
  } catch (cause) {
    await handle.close()
    throw cause instanceof StoreError ? cause : writeError({ path, cause })
  }
  let last: Promise<void> = Promise.resolve()
  let failure: StoreError | null = null
  const write = async (sample: Sample): Promise<void> => {
    const line = Buffer.from(`${JSON.stringify(sample)}\n`)
    if (failure !== null) throw failure
    await mayWrite()
    try {
      await handle.appendFile(line)
      await handle.datasync()
      addLine({ places: index, line: { sample, offset: size, length: line.length - 1 } })
      size += line.length
    } catch (cause) {
      failure = writeError({ path, cause })
      // Half a line must not stand before later ones; where even this fails, the next opening repairs it.
      await handle.truncate(size).catch(() => undefined)
      throw failure
    }
  }
  return {
    index,
    append(sample) {
      const written = last.then(() => write(sample))
      last = written.catch(() => undefined)
      return written
    },
    async close() {
      await last
      await handle.close()
    },
  }
}

/** Leave whole lines only, and note where they stand: the one time that the whole file is read. Gives its size. */
async function repairTail({
  path,
  handle,
  index,
}: {
  path: string
  handle: FileHandle
  index: Map<string, JournalPlace>
}): Promise<number> {
  let tail: JournalLine | null = null
  if ((await handle.stat()).isFile()) {
    for await (const line of readJournal(path)) {
      addLine({ places: index, line })
      tail = line
    }
  }
  if (tail === null) return 0
  const end = tail.offset + tail.length
  if (tail.sample !== null) {
    if (!tail.isTerminated) await handle.appendFile('\n')
    await handle.datasync()
    return end + 1
  }
  const torn = Buffer.alloc(tail.length)
  await handle.read(torn, 0, tail.length, tail.offset)
  await appendFile(`${path}.torn`, Buffer.concat([torn, Buffer.from('\n')]))
  await handle.truncate(tail.offset)
  await handle.datasync()
  return tail.offset
}

function parseSample(bytes: Buffer): Sample | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return isSample(value) ? value : null
  } catch {
    return null // not JSON: the caller decides whether that is a cut-off line or a damaged file
  }
}

function isSample(value: unknown): value is Sample {
  if (typeof value !== 'object' || value === null) return false
  return (
    'key' in value &&
    typeof value.key === 'string' &&
    'outcome' in value &&
    OUTCOMES.some((outcome) => outcome === value.outcome)
  )
}

function writeError({ path, cause }: { path: string; cause: unknown }): StoreError {
  return new StoreError(
    `${path} could not be written: ${String(cause)}; free space or permissions, then resume the run (finished samples are kept)`,
    { cause },
  )
}
