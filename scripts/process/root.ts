import path from 'node:path'

/** The project's folder, whatever folder a script was started from. */
export const root = path.resolve(import.meta.dirname, '../..')

/** What the embedded services keep between two starts; never committed. */
export const dataFolder = path.join(root, '.data')
