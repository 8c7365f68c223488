import { z } from 'zod'
import { envSchema } from '#lib/env.ts'

export const envDocument = 'docs/deploy.md'

const markers = { start: '<!-- variables: npm run docs:env -->', end: '<!-- /variables -->' }
const width = 120

type Property = { what?: string; example?: string; default?: unknown }

/** The document with its list of variables made from the schema. */
export function withEnvTable(document: string): string {
  const start = document.indexOf(markers.start)
  const end = document.indexOf(markers.end)
  if (start < 0 || end < start) throw new Error(`${envDocument} lacks ${markers.start} or ${markers.end}.`)
  return `${document.slice(0, start + markers.start.length)}\n\n${envTable()}\n\n${document.slice(end)}`
}

/** Lists rather than a Markdown table: rows of a table cannot be wrapped at 120 columns. */
function envTable(): string {
  const { properties = {}, required = [] } = z.toJSONSchema(envSchema, {
    io: 'input',
    unrepresentable: 'any',
  })
  const items = (isRequired: boolean) =>
    Object.entries(properties)
      .filter(([name]) => required.includes(name) === isRequired)
      .map(([name, property]) => formatItem(name, property as Property))
      .join('\n')
  return `Required:\n\n${items(true)}\n\nOptional:\n\n${items(false)}`
}

function formatItem(name: string, { what = '', example, default: fallback }: Property): string {
  const parts = [what.trim()]
  if (fallback !== undefined) parts.push(`Default: \`${fallback}\`.`)
  if (example && String(fallback) !== example) parts.push(`Example: \`${example}\`.`)
  return wrap(`- \`${name}\`: ${parts.join(' ')}`)
}

function wrap(text: string): string {
  const lines = ['']
  for (const word of text.split(/ (?=(?:[^`]*`[^`]*`)*[^`]*$)/)) {
    const line = lines.at(-1) ?? ''
    if (line && `${line} ${word}`.length > width) lines.push(`  ${word}`)
    else lines[lines.length - 1] = line ? `${line} ${word}` : word
  }
  return lines.join('\n')
}
