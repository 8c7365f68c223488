import { servicesPage } from '#lib/services/loaders.ts'
import { ServicesCard } from './services-card.tsx'

export const ServicesView = async () => <ServicesCard {...(await servicesPage())} />
