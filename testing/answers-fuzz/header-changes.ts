/** Odd values of the headers of an answer; null leaves the header out. */

const values: Record<string, (string | null)[]> = {
  'retry-after': [
    '0',
    '-1',
    '3.5',
    '1e400',
    '999999999999',
    '0x10',
    'soon',
    '',
    ', 5',
    'Wed, 21 Oct 2026 07:28:00 GMT',
    'Fri, 31 Dec 9999 23:59:59 GMT',
  ],
  'content-type': [
    null,
    '',
    'json',
    'text/plain',
    'text/html; charset=utf-8',
    'application/octet-stream',
    'APPLICATION/JSON',
    'application/json; charset=utf-16',
    'multipart/mixed',
    'multipart/mixed; boundary=other',
    `application/json; ${'x'.repeat(4000)}`,
  ],
  etag: [null, '', '*', '"0"', 'W/"x"', 'x'.repeat(4000)],
  date: [null, '', 'yesterday', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'],
}

const names = Object.keys(values)

export const headerCandidates = names.map((name) => ({ field: `header ${name}`, kind: 'header' }))

const changes = names.flatMap((name) =>
  (values[name] ?? []).map((value) => ({
    field: `header ${name}`,
    kind: 'header',
    label: value === null ? 'removed' : value.slice(0, 40),
    headers: { [name]: value },
  })),
)

/** A header and its change by name, or a number that selects modulo the number of changes. */
export const changeHeader = ({ field, change }: { field: number | string; change: number | string }) => {
  const named = changes.find((each) => each.field === field && each.label === change)
  if (named) return named
  const ofHeader = changes.filter((each) => each.field === headerCandidates[Number(field) % names.length]?.field)
  return ofHeader[Number(change) % ofHeader.length]
}
