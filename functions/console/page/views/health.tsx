import { ViewTitle } from '../parts/view-title.tsx';

export function HealthView() {
  return <ViewTitle>Health</ViewTitle>;
}
