export const home = '/calendar'

const elsewhere = /^\/(api|sign-in)(\/|$|\?)/
const control = /[\p{Cc}\\]/u

/**
 * Where to go after signing in: a path of this site, or the calendar. Never another origin, a route
 * handler or the sign-in page.
 */
export const returnPath = (wanted: unknown): string => {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || wanted.length > 2000) return home
  if (control.test(wanted) || !URL.canParse(wanted, 'http://here.invalid')) return home
  const url = new URL(wanted, 'http://here.invalid')
  if (url.origin !== 'http://here.invalid') return home
  const path = `${url.pathname}${url.search}${url.hash}`
  return path.startsWith('//') || elsewhere.test(path) || path === '/' ? home : path
}
