import { ReceptionistView } from '#components/settings/receptionist/receptionist-view.tsx'
import { first, type SearchParams } from '#lib/search-params.ts'

export default async function ReceptionistPage({ searchParams }: { searchParams: SearchParams }) {
  const { call, before, done } = await searchParams
  return <ReceptionistView query={{ call: first(call), before: first(before), done: first(done) }} />
}
