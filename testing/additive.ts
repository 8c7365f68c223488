/**
 * Statements that would break the previous version of the product, which keeps running on the new
 * schema until every process is replaced.
 */

const breaking: [what: string, pattern: RegExp][] = [
  ['drops', /^drop\s+(table|type|view|schema|index|function)\b/],
  ['drops a column of', /^alter\s+table\b.*\bdrop\s+column\b/],
  ['renames', /^alter\b.*\brename\b/],
  ['demands', /^alter\s+table\b.*\bset\s+not\s+null\b/],
  ['drops a default of', /^alter\s+table\b.*\bdrop\s+default\b/],
  ['changes a type of', /^alter\s+table\b.*\balter\s+column\b.*\b(set\s+data\s+)?type\b/],
  ['demands a new column of', /^alter\s+table\b.*\badd\s+column\b(?!.*\bdefault\b).*\bnot\s+null\b/],
  ['refuses rows of', /^alter\s+table\b.*\badd\s+constraint\b/],
]

const nameOf = (name: string | undefined) => (name ?? '').replace(/"/g, '').split('.').pop()?.toLowerCase() ?? ''

/**
 * Each statement that is not additive, as `what table`. Tables created by the same migration do not
 * count.
 */
export const findBreaking = (migration: string): string[] => {
  const statements = withoutBodies(migration)
    .split(';')
    .map((text) => text.replace(/\s+/g, ' ').trim().toLowerCase())
  const created = statements.flatMap((text) => nameOf(/^create table (?:if not exists )?(\S+)/.exec(text)?.[1]))
  return statements.flatMap((text) => {
    const found = breaking.find(([, pattern]) => pattern.test(text))
    const table = nameOf(/^(?:alter|drop) \S+ (?:if exists )?(?:only )?(\S+)/.exec(text)?.[1])
    return found && !created.includes(table) ? [`${found[0]} ${table}`] : []
  })
}

/** Without comments and function bodies, which the migration does not execute. */
const withoutBodies = (text: string) =>
  text
    .replace(/--[^\n]*/g, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(\$\w*\$)[\s\S]*?\1/g, "''")
