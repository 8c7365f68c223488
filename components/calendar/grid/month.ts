import plugin from '@fullcalendar/react/daygrid'
import Grid from './grid.tsx'

export const month = { Grid, plugin }
