import plugin from '@fullcalendar/react/list'
import Grid from './grid.tsx'

export const list = { Grid, plugin }
