const plainSegment = /^[a-z][a-z-]{0,30}$/
const maxDepth = 6

/** The path without its query; segments that could be ids, addresses or text become `:other`. */
export const routeOf = (url: string): string => {
  const [path = '/'] = url.split(/[?#]/)
  const segments = path.split('/').filter(Boolean).slice(0, maxDepth)
  return `/${segments.map((segment) => (plainSegment.test(segment) ? segment : ':other')).join('/')}`
}
