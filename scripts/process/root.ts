import path from 'node:path'

/** The project's folder, independent of the working directory. */
export const root = path.resolve(import.meta.dirname, '../..')

/** Data that embedded services keep between runs; never committed. */
export const dataFolder = path.join(root, '.data')
