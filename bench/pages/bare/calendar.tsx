'use client'
import FullCalendar from '@fullcalendar/react'
import dayGrid from '@fullcalendar/react/daygrid'
import interaction from '@fullcalendar/react/interaction'
import list from '@fullcalendar/react/list'
import timeGrid from '@fullcalendar/react/timegrid'
import '@fullcalendar/react/skeleton.css'

const plugins = [dayGrid, timeGrid, list, interaction]
const events = [{ title: 'Visit', start: new Date() }]

/** The views and gestures of the product, and nothing else of it. */
export const Calendar = () => (
  <FullCalendar plugins={plugins} initialView="timeGridWeek" editable selectable events={events} />
)
