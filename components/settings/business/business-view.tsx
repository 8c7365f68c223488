import { businessPage } from '#lib/business/loaders.ts'
import { ChoicesCard } from './choices-card.tsx'
import { DataCard } from './data-card.tsx'
import { HolidaysCard } from './holidays-card.tsx'
import { HoursCard } from './hours-card.tsx'
import { IdentityCard } from './identity-card.tsx'
import { RulesCard } from './rules-card.tsx'

export const BusinessView = async () => {
  const { settings, next, upcoming, holidays } = await businessPage()
  return (
    <>
      <IdentityCard settings={settings} next={next} upcoming={upcoming} />
      <HoursCard settings={settings} />
      <HolidaysCard settings={settings} choice={holidays} />
      <RulesCard settings={settings} />
      <ChoicesCard settings={settings} />
      <DataCard name={settings.name} />
    </>
  )
}
