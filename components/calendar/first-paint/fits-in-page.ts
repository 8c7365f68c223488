/** Rendering rows into the page costs the server far more than sending them as JSON. */
const mostRows = 1000

type Rows = {
  appointments: readonly { clashes: readonly unknown[] }[]
  occurrences: readonly unknown[]
  busy?: readonly unknown[]
}

/** Whether the server renders the rows; the browser fetches more than those. */
export const fitsInPage = ({ appointments, occurrences, busy = [] }: Rows): boolean => {
  const clashes = appointments.reduce((sum, each) => sum + each.clashes.length, 0)
  return appointments.length + occurrences.length + busy.length + clashes <= mostRows
}
