import { Calendar } from './calendar.tsx'

export const dynamic = 'force-dynamic'

export default function Page() {
  return <Calendar />
}
