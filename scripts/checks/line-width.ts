import type { TextFile } from './tracked-files.ts'

const limits = { comment: 100, markdown: 120 }

/** Patterns that find a comment in a line, by kind of file. */
const comments: [files: RegExp, pattern: RegExp][] = [
  [/\.(tsx?|js|mjs)$/, /(^|[\s({])\/\/(\s|$)|^\s*\{?\/\*|^\s+\*(\s|\/)/],
  [/\.css$/, /\/\*|^\s*\*(\s|\/)|^\s{3}[^{}:;]+\*\/$/],
  [/\.sql$/, /(^|\s)--(\s|$)/],
  [/\.(sh|ya?ml|service)$|(^|\/)(Dockerfile|Caddyfile[^/]*|env\.example)$|^\.ci\//, /(^|\s)#\s/],
]

/**
 * Comments longer than 100 columns, code before them included, and Markdown lines longer than 120.
 */
export const checkLineWidth = (files: TextFile[]): string[] =>
  files.flatMap(({ file, text }) => {
    const isMarkdown = file.endsWith('.md')
    const comment = comments.find(([pattern]) => pattern.test(file))?.[1]
    const limit = isMarkdown ? limits.markdown : limits.comment
    return text.split('\n').flatMap((line, index) => {
      const width = [...line].length
      if (width <= limit || !(isMarkdown || comment?.test(line))) return []
      return [`${file}:${index + 1}: ${isMarkdown ? 'line' : 'comment'} of ${width} columns, ${limit} at most.`]
    })
  })
