import { ViewTitle } from '../parts/view-title.tsx';

export function GroupView() {
  return <ViewTitle>Group</ViewTitle>;
}
