import { ViewTitle } from '../parts/view-title.tsx';

export function KeysView() {
  return <ViewTitle>API keys</ViewTitle>;
}
