import { locale } from '#lib/dates/locale.ts'

/** 3250 as "3,250" */
export const formatNumber = (n: number) => n.toLocaleString(locale)
