import type { TextFile } from './tracked-files.ts'

const glossary = 'docs/glossary.md'

/** `remote snapshot`, `remoteSnapshot` and `remote_snapshot` are the same word. */
const normalize = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Words of the glossary that occur in no other file. */
export function checkGlossary(files: TextFile[]): string[] {
  const text = files.find(({ file }) => file === glossary)?.text
  if (text === undefined) return [`${glossary} is missing.`]
  const rows = [...text.matchAll(/^\| ([^|]+) \|/gm)].map(([, words = '']) => words)
  const words = rows.flatMap((row) => row.replace(/\(.*\)/, '').split(',')).map((word) => word.trim())
  const others = files.filter(({ file }) => file !== glossary)
  const corpus = others.map((other) => normalize(other.text)).join('\n')
  return words
    .filter((word) => word !== 'word' && !corpus.includes(normalize(word)))
    .map((word) => `${glossary}: "${word}" occurs in no other file: remove it, or use it.`)
}
