import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

// Runs after each installation: what the database driver does when its connection is lost in the middle of a transaction is not
// mended in a release of it yet (docs/decisions/040-the-driver-is-mended.md). Plain JavaScript, for whatever Node npm runs on.

const closing = `    socket.removeAllListeners()
    socket = null
`
/** A line of the driver, and what stands there afterwards. */
const mends = {
  'connection.js': [
    // The first question on a connection that is lost during it: nobody asked, so nobody is there to be told.
    ['        return fetchArrayTypes()\n', '        return fetchArrayTypes().catch(() => {})\n'],
    // What was scheduled for the lost socket must not be the first thing that the next one sends.
    [closing, `${closing}    chunk = nextWriteTimer = null\n`],
    // Whatever was sent after the error and before the close is answered as well, and nothing of it stays behind.
    [
      "    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n",
      "    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options))\n    query = results = errorResponse = null\n    result = new Result()\n",
    ],
    [
      "      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))\n",
      "      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))\n\n    if (socket === null)\n      return queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true\n",
    ],
    [
      '    const x = socket.write(chunk, fn)\n',
      '    if (socket === null)\n      return chunk = nextWriteTimer = null, false\n\n    const x = socket.write(chunk, fn)\n',
    ],
    // Statements that travel together are one write, however long they are: each is a call to the system.
    ['    if (fn || chunk.length >= 1024)\n', '    if (fn || chunk.length >= 65536)\n'],
  ],
  'index.js': [
    // The connection may serve somebody else by the time a transaction that lost it says rollback or commit.
    ['    let savepoints = 0\n', '    let lost = null\n    let savepoints = 0\n'],
    [
      '        new Promise((_, reject) => connection.onclose = reject)\n',
      '        new Promise((_, reject) => connection.onclose = e => (lost = e, reject(e)))\n',
    ],
    [
      '        q.catch(e => uncaughtError || (uncaughtError = e))\n',
      '        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n\n',
    ],
  ],
}

const folder = path.resolve(import.meta.dirname, '../node_modules/postgres')

for (const build of ['src', 'cjs/src'])
  for (const [name, changes] of Object.entries(mends)) mend(path.join(folder, build, name), changes)

function mend(file, changes) {
  const before = readFileSync(file, 'utf8')
  let text = before
  for (const [from, to] of changes) {
    if (text.includes(to)) continue
    if (text.split(from).length !== 2)
      throw new Error(`${file} is not the version that is mended here: see whether it still needs to be.`)
    text = text.replace(from, () => to)
  }
  if (text === before) return
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
