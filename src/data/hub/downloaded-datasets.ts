import { join } from 'node:path'
import { cacheDirectory } from '../../config/cache-directory.js'

/** Folder under which files of the hub's data sets are kept, one folder a repository. */
export function downloadedDatasets(): string {
  return join(cacheDirectory(), 'datasets')
}
