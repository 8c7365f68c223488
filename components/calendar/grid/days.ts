import plugin from '@fullcalendar/react/timegrid'
import Grid from './grid.tsx'

export const days = { Grid, plugin }
