import { ViewTitle } from '../parts/view-title.tsx';

export function GroupsView() {
  return <ViewTitle>Groups</ViewTitle>;
}
