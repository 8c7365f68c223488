const plain = /^[a-z][a-z-]{0,30}$/
const deepest = 6

/** The path as the routes name it: no query, and nothing that could be an id, an address or somebody's words. */
export const routeOf = (url: string): string => {
  const [path = '/'] = url.split(/[?#]/)
  const segments = path.split('/').filter(Boolean).slice(0, deepest)
  return `/${segments.map((segment) => (plain.test(segment) ? segment : ':other')).join('/')}`
}
